// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/library.h"
#include "core/expr/parser_p.h"

namespace gatehouse::core::expr {

/// What a method of a Java text or collection is called here; … is what stood before the dot.
static QString replacementOf(const QString &method)
{
    struct Replacement {
        QStringView method;
        QStringView instead;
    };
    static constexpr Replacement kReplacements[] = {
        {u"toUpperCase", u"#string.upperCase(…)"},
        {u"toLowerCase", u"#string.lowerCase(…)"},
        {u"length", u"#string.length(…)"},
        {u"trim", u"#string.trim(…)"},
        {u"strip", u"#string.trim(…)"},
        {u"substring", u"#string.substring(…, start, end)"},
        {u"replace", u"#string.replace(…, search, replacement, -1)"},
        {u"replaceAll", u"#regex.replaceAll(…, regex, replacement)"},
        {u"replaceFirst", u"#regex.replaceFirst(…, regex, replacement)"},
        {u"matches", u"… matches regex"},
        {u"split", u"#string.split(…, separators)"},
        {u"startsWith", u"#string.startsWith(…, prefix)"},
        {u"endsWith", u"#string.endsWith(…, suffix)"},
        {u"indexOf", u"#string.indexOf(…, search, 0)"},
        {u"lastIndexOf", u"#string.lastIndexOf(…, search, #string.length(…))"},
        {u"contains", u"#string.indexOf(…, search, 0) >= 0, or #data.indexOf(…, " u"value) >= 0 for a list"},
        {u"equals", u"… == …"},
        {u"equalsIgnoreCase", u"#string.compare(…, …, true) == 0"},
        {u"compareTo", u"#string.compare(…, …, false)"},
        {u"concat", u"… + …"},
        {u"isEmpty", u"not #string.isNotEmpty(…), or not #data.isNotEmpty(…) for " u"a list"},
        {u"isBlank", u"not #string.isNotBlank(…)"},
        {u"size", u"#data.size(…)"},
        {u"get", u"…[index]"},
        {u"charAt", u"…[index]"},
        {u"toString", u"'' + …"},
        {u"format", u"#string.format(format, …)"},
        {u"join", u"#string.join(list, separator)"},
    };
    for (const Replacement &replacement : kReplacements) {
        if (method == replacement.method)
            return replacement.instead.toString();
    }
    for (const FunctionDescription &function : functions()) {
        if (method == function.name)
            return signatureOf(function);
    }
    return {};
}

std::vector<NodePointer> Parser::arguments()
{
    std::vector<NodePointer> result;
    const Token opener = token();
    m_closers.push_back(TokenKind::RightParenthesis);
    advance();
    if (!at(TokenKind::RightParenthesis)) {
        result.push_back(expression());
        while (at(TokenKind::Comma)) {
            advance();
            result.push_back(expression());
        }
    }
    close(TokenKind::RightParenthesis, opener);
    return result;
}

NodePointer Parser::call(const Token &hash, const Token &library)
{
    const QString libraryName = textOf(library);
    const bool known = libraries().contains(libraryName);
    if (!known) {
        QStringList candidates = libraries();
        candidates << QStringLiteral("root") << QStringLiteral("this");
        const QString nearest = nearestName(libraryName, candidates);
        const bool isFunction = at(TokenKind::LeftParenthesis);
        const QString instead = isFunction ? replacementOf(libraryName) : QString();
        QString message = QStringLiteral("'#%1' is not known.").arg(excerpt(libraryName));
        if (!nearest.isEmpty())
            message += QStringLiteral(" Did you mean #%1?").arg(nearest);
        else if (!instead.isEmpty())
            message += QStringLiteral(" Write %1.").arg(instead);
        else
            message += QStringLiteral(" There are #root, #this, #string, #datetime, #data, #regex, #crypto and #core.");
        fault(hash.offset, library.end() - hash.offset, std::move(message));
    }
    NodePointer result = node(NodeKind::Call, hash.offset);
    if (known && !(at(TokenKind::Dot) && ahead().kind == TokenKind::Name)) {
        fault(hash.offset, library.end() - hash.offset,
              QStringLiteral("'#%1' is a library: call one of its functions, as in %2.")
                  .arg(excerpt(libraryName), [&] {
                      for (const FunctionDescription &function : functions()) {
                          if (function.library == libraryName)
                              return signatureOf(function);
                      }
                      return QString();
                  }()));
    }
    if (!known || !(at(TokenKind::Dot) && ahead().kind == TokenKind::Name)) {
        result->kind = NodeKind::Error;
        if (at(TokenKind::LeftParenthesis))
            result->children = arguments();
        else if (at(TokenKind::Dot) && ahead().kind == TokenKind::Name
                 && ahead(2).kind == TokenKind::LeftParenthesis) {
            advance();
            advance();
            result->children = arguments();
        }
        return finish(std::move(result));
    }
    advance();
    const Token name = token();
    const QString functionName = textOf(name);
    advance();
    result->function = findFunction(libraryName, functionName);
    if (!result->function) {
        QStringList candidates;
        for (const FunctionDescription &function : functions()) {
            if (function.library == libraryName)
                candidates.append(function.name.toString());
        }
        const QString nearest = nearestName(functionName, candidates);
        QString message = QStringLiteral("#%1 has no function '%2'.").arg(excerpt(libraryName), excerpt(functionName));
        if (nearest.isEmpty()) {
            const QString instead = replacementOf(functionName);
            message += instead.isEmpty() ? QStringLiteral(" It has %1.").arg(candidates.join(QStringLiteral(", ")))
                                         : QStringLiteral(" Write %1.").arg(instead);
        } else {
            message += QStringLiteral(" Did you mean %1?").arg(signatureOf(*findFunction(libraryName, nearest)));
        }
        faultAt(name, std::move(message));
        result->kind = NodeKind::Error;
    }
    if (!at(TokenKind::LeftParenthesis)) {
        if (result->function) {
            fault(hash.offset, name.end() - hash.offset,
                  QStringLiteral("The arguments are missing: write %1.").arg(signatureOf(*result->function)));
            result->kind = NodeKind::Error;
        }
        return finish(std::move(result));
    }
    result->children = arguments();
    result = finish(std::move(result));
    if (result->function)
        checkCall(*result, name);
    return result;
}

void Parser::checkCall(const Node &call, const Token &name)
{
    const FunctionDescription &function = *call.function;
    const int given = int(call.children.size());
    if (given >= function.minimumArguments && given <= function.maximumArguments)
        return;
    const auto count = [](int number) {
        return number == 1 ? QStringLiteral("1 argument") : QStringLiteral("%1 arguments").arg(number);
    };
    QString wanted;
    if (function.minimumArguments == function.maximumArguments)
        wanted = count(function.minimumArguments);
    else if (given < function.minimumArguments)
        wanted = QStringLiteral("at least ") + count(function.minimumArguments);
    else
        wanted = QStringLiteral("at most ") + count(function.maximumArguments);
    fault(name.offset, call.end() - name.offset,
          QStringLiteral("%1 takes %2, %3 given.")
              .arg(signatureOf(function), wanted,
                   given == 0 ? QStringLiteral("none is")
                              : given == 1 ? QStringLiteral("1 is") : QStringLiteral("%1 are").arg(given)));
}

/// name(…): a function without its library.
NodePointer Parser::bareCall(const Token &name)
{
    const QString text = textOf(name);
    advance();
    NodePointer result = node(NodeKind::Error, name.offset);
    result->children = arguments();
    const QString instead = replacementOf(text);
    faultAt(name, instead.isEmpty()
                      ? QStringLiteral("'%1(…)' is not known: functions are called as #string.join(…).").arg(excerpt(text))
                      : QStringLiteral("'%1(…)' is not known: write %2.").arg(excerpt(text), instead));
    return finish(std::move(result));
}

/// value.name(…): methods are switched off.
void Parser::methodCall(Node &path, const Token &name)
{
    const QString text = textOf(name);
    const Node &target = *path.children.back();
    const bool isLibrary = target.kind == NodeKind::Name && libraries().contains(target.text);
    std::vector<NodePointer> given = arguments();
    QString message;
    if (isLibrary) {
        message = QStringLiteral("Functions are called with '#': write #%1.%2(…).").arg(excerpt(target.text), excerpt(text));
    } else {
        const QString instead = replacementOf(text);
        message = QStringLiteral("Methods are switched off, '%1' cannot be called. ").arg(excerpt(text))
            + (instead.isEmpty() ? QStringLiteral("Use a function, as in #string.join(list, separator).")
                                 : QStringLiteral("Write %1.").arg(instead));
    }
    faultAt(name, std::move(message));
    NodePointer error = node(NodeKind::Error, name.offset);
    error->children = std::move(given);
    path.children.push_back(finish(std::move(error)));
}

} // namespace gatehouse::core::expr
