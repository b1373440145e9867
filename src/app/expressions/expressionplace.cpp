// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/expressions/expressionplace.h"

#include "core/expr/lexer.h"

#include <QCoreApplication>

namespace gatehouse::app {

namespace expr = core::expr;
using expr::Token;
using expr::TokenKind;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::ExpressionPlace)
};

/// Most completions that are worth a look.
constexpr int kMaxOffered = 200;

bool opens(TokenKind kind)
{
    switch (kind) {
    case TokenKind::LeftParenthesis:
    case TokenKind::LeftBracket:
    case TokenKind::LeftBrace:
    case TokenKind::Select:
    case TokenKind::SelectFirst:
    case TokenKind::SelectLast:
    case TokenKind::Project:
        return true;
    default:
        return false;
    }
}

bool closes(TokenKind kind)
{
    return kind == TokenKind::RightParenthesis || kind == TokenKind::RightBracket || kind == TokenKind::RightBrace;
}

bool isWord(const Token &token)
{
    return token.kind == TokenKind::Name;
}

/// A value may end with it, so that an operator can follow.
bool endsValue(const Token &token)
{
    switch (token.kind) {
    case TokenKind::Name:
        return !token.op;
    case TokenKind::Int:
    case TokenKind::Long:
    case TokenKind::HexInt:
    case TokenKind::HexLong:
    case TokenKind::Real:
    case TokenKind::Float:
    case TokenKind::Text:
        return true;
    default:
        return closes(token.kind);
    }
}

/// Index of the token that opens what token @p last and the cursor behind it stand in; -1: the outermost.
int openerBefore(const std::vector<Token> &tokens, int last)
{
    int depth = 0;
    for (int i = last; i >= 0; --i) {
        if (closes(tokens[size_t(i)].kind))
            ++depth;
        else if (opens(tokens[size_t(i)].kind) && depth-- == 0)
            return i;
    }
    return -1;
}

/// #library.function before the parenthesis at @p parenthesis; nullptr when it is none.
const expr::FunctionDescription *functionBefore(const std::vector<Token> &tokens, int parenthesis, const QString &text)
{
    if (parenthesis < 4 || tokens[size_t(parenthesis)].kind != TokenKind::LeftParenthesis)
        return nullptr;
    const Token &name = tokens[size_t(parenthesis - 1)];
    const Token &library = tokens[size_t(parenthesis - 3)];
    if (!isWord(name) || tokens[size_t(parenthesis - 2)].kind != TokenKind::Dot || !isWord(library)
        || tokens[size_t(parenthesis - 4)].kind != TokenKind::Hash)
        return nullptr;
    return expr::findFunction(QStringView(text).mid(library.offset, library.length),
                              QStringView(text).mid(name.offset, name.length));
}

CompletionItem operatorItem(const QString &name, const QString &insertion, const QString &help, int caret = -1)
{
    CompletionItem item;
    item.kind = name.startsWith(u'#') ? CompletionKind::Variable : CompletionKind::Operator;
    item.name = name;
    item.insertion = insertion;
    item.caret = caret;
    item.help = help;
    return item;
}

} // namespace

ExpressionPlace placeAt(const QString &text, int cursor)
{
    ExpressionPlace place;
    place.start = cursor;
    const std::vector<Token> tokens = expr::tokenize(text).tokens;
    int last = -1; // the last token that begins before the cursor
    for (size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].kind != TokenKind::End && tokens[i].offset < cursor)
            last = int(i);
    }
    if (last < 0) {
        place.kind = ExpressionPlace::Kind::Name;
        return place;
    }
    const Token &token = tokens[size_t(last)];
    const bool touches = token.end() >= cursor;
    if (touches && (token.kind == TokenKind::Text || token.kind == TokenKind::Unknown)) {
        const bool closed = token.kind == TokenKind::Text && token.length >= 2 && token.end() == cursor
            && text.at(token.end() - 1) == text.at(token.offset);
        if (!closed)
            return place;
    }
    if (touches && token.kind >= TokenKind::Int && token.kind <= TokenKind::Float)
        return place;
    const bool inName = touches && (isWord(token) || token.kind == TokenKind::Dot || token.kind == TokenKind::Hash);
    if (!inName) {
        if (!endsValue(token)) {
            place.kind = ExpressionPlace::Kind::Name;
            return place;
        }
        place.kind = ExpressionPlace::Kind::Operator;
        const int opener = openerBefore(tokens, last);
        place.inList = opener >= 0
            && (tokens[size_t(opener)].kind == TokenKind::LeftBrace || functionBefore(tokens, opener, text));
        return place;
    }
    // The names and dots that stand together up to the cursor.
    int first = last;
    while (first > 0 && tokens[size_t(first - 1)].end() == tokens[size_t(first)].offset
           && tokens[size_t(first)].kind != TokenKind::Hash
           && (isWord(tokens[size_t(first - 1)]) || tokens[size_t(first - 1)].kind == TokenKind::Dot
               || tokens[size_t(first - 1)].kind == TokenKind::Hash))
        --first;
    if (tokens[size_t(first)].kind == TokenKind::Dot)
        return place; // a property of something that is no name: ]. or ).
    place.start = tokens[size_t(first)].offset;
    place.length = std::max(token.end(), cursor) - place.start;
    place.typed = text.mid(place.start, cursor - place.start);
    if (tokens[size_t(first)].kind != TokenKind::Hash) {
        place.kind = ExpressionPlace::Kind::Name;
        return place;
    }
    const qsizetype dot = place.typed.indexOf(u'.');
    if (dot < 0) {
        place.kind = ExpressionPlace::Kind::Library;
        return place;
    }
    const QString library = place.typed.mid(1, dot - 1);
    if (library == QStringLiteral("root") && !touches)
        return place;
    if (library == QStringLiteral("root")) {
        place.kind = ExpressionPlace::Kind::Name;
        place.start += int(dot) + 1;
        place.length -= int(dot) + 1;
        place.typed = place.typed.sliced(dot + 1);
    } else if (expr::libraries().contains(library)) {
        place.kind = ExpressionPlace::Kind::Function;
        place.library = library;
    }
    return place;
}

std::optional<CallAt> callAt(const QString &text, int cursor)
{
    const std::vector<Token> tokens = expr::tokenize(text).tokens;
    int last = -1;
    for (size_t i = 0; i < tokens.size(); ++i) {
        const Token &token = tokens[i];
        // Inside a name or a text the token still belongs to the argument; a parenthesis counts once it is passed.
        if (token.kind != TokenKind::End && token.offset < cursor)
            last = int(i);
    }
    for (int opener = openerBefore(tokens, last); opener >= 0; opener = openerBefore(tokens, opener - 1)) {
        const expr::FunctionDescription *function = functionBefore(tokens, opener, text);
        if (!function)
            continue;
        CallAt call{function, 0};
        int depth = 0;
        for (int i = opener + 1; i <= last; ++i) {
            const TokenKind kind = tokens[size_t(i)].kind;
            if (opens(kind))
                ++depth;
            else if (closes(kind))
                --depth;
            else if (kind == TokenKind::Comma && depth == 0)
                ++call.argument;
        }
        return call;
    }
    return std::nullopt;
}

int parameterOf(const expr::FunctionDescription &function, int argument)
{
    const int count = int(function.parameters.size());
    if (argument >= function.maximumArguments)
        return -1;
    if (argument < count)
        return argument;
    if (function.repeated <= 0)
        return -1;
    return count - function.repeated + (argument - count) % function.repeated;
}

QList<CompletionItem> functionItems()
{
    static const QList<CompletionItem> items = [] {
        QList<CompletionItem> result;
        for (const expr::FunctionDescription &function : expr::functions()) {
            CompletionItem item;
            item.kind = CompletionKind::Function;
            item.name = u'#' + function.library.toString() + u'.' + function.name.toString();
            const QString signature = expr::signatureOf(function);
            item.detail = signature.sliced(item.name.size()) + QStringLiteral(" → ") + expr::typeName(function.result);
            item.help = function.summary.toString();
            item.example = function.example.toString();
            // A list is mostly written on the spot, and a separator is mostly one blank.
            QString arguments;
            if (!function.parameters.empty() && function.parameters.front().type == expr::ValueType::List)
                arguments = QStringLiteral("{}");
            if (function.parameters.size() == 2 && function.parameters.back().name == u"separator")
                arguments += QStringLiteral(", ' '");
            item.insertion = item.name + u'(' + arguments + u')';
            const bool takesNothing = function.maximumArguments == 0;
            item.caret = takesNothing ? -1 : int(item.name.size()) + (arguments.startsWith(u'{') ? 2 : 1);
            result.append(item);
        }
        return result;
    }();
    return items;
}

QList<CompletionItem> libraryItems()
{
    QList<CompletionItem> items;
    for (const QString &library : expr::libraries()) {
        QStringList names;
        for (const expr::FunctionDescription &function : expr::functions()) {
            if (function.library == library)
                names.append(function.name.toString());
        }
        CompletionItem item;
        item.kind = CompletionKind::Library;
        item.name = u'#' + library;
        item.insertion = item.name + u'.';
        item.detail = Words::tr("functions");
        item.help = names.mid(0, 5).join(QStringLiteral(", ")) + (names.size() > 5 ? QStringLiteral(" …") : QString());
        items.append(item);
    }
    items.append(operatorItem(QStringLiteral("#root"), QStringLiteral("#root"),
                              Words::tr("All data, for names that need brackets: #root['x-name'].")));
    items.append(operatorItem(QStringLiteral("#this"), QStringLiteral("#this"),
                              Words::tr("The element, inside .?[ ] and .![ ].")));
    return items;
}

QList<CompletionItem> operatorItems(bool inList)
{
    QList<CompletionItem> items;
    const auto add = [&](const char *name, const char *insertion, const QString &help, int caret = -1) {
        items.append(operatorItem(QString::fromUtf8(name), QString::fromUtf8(insertion), help, caret));
    };
    if (inList)
        add(",", ", ", Words::tr("The next value"));
    add("+", " + ", Words::tr("Adds numbers, joins texts"));
    add("?:", " ?: ", Words::tr("The value, or another one when it is missing"));
    add("? :", " ?  : ", Words::tr("One of two values, as a condition decides"), 3);
    add("==", " == ", Words::tr("Equal"));
    add("!=", " != ", Words::tr("Not equal"));
    add("and", " and ", Words::tr("Both conditions"));
    add("or", " or ", Words::tr("One of the conditions"));
    add("matches", " matches ''", Words::tr("The whole text fits a regular expression"), 10);
    add(".?[ ]", ".?[]", Words::tr("The elements of a list that fit"), 3);
    add(".![ ]", ".![]", Words::tr("Something made of every element of a list"), 3);
    add("[ ]", "[]", Words::tr("One element, counted from 0"), 1);
    add("<", " < ", Words::tr("Less"));
    add(">", " > ", Words::tr("Greater"));
    add("-", " - ", Words::tr("Subtracts"));
    add("*", " * ", Words::tr("Multiplies"));
    add("/", " / ", Words::tr("Divides"));
    add("%", " % ", Words::tr("The rest of a division"));
    return items;
}

QList<CompletionItem> completionsAt(const ExpressionPlace &place, const QList<CompletionItem> &attributes)
{
    switch (place.kind) {
    case ExpressionPlace::Kind::Nothing:
        return {};
    case ExpressionPlace::Kind::Name:
        return ranked(attributes + functionItems() + libraryItems(), place.typed, kMaxOffered);
    case ExpressionPlace::Kind::Library:
        return ranked(libraryItems() + functionItems(), place.typed, kMaxOffered);
    case ExpressionPlace::Kind::Function: {
        QList<CompletionItem> own;
        const QString prefix = u'#' + place.library + u'.';
        for (const CompletionItem &item : functionItems()) {
            if (item.name.startsWith(prefix))
                own.append(item);
        }
        // "#string.jo" means the function, not every name with these letters in it.
        const QString typed = place.typed.sliced(prefix.size());
        QList<CompletionItem> bare = own;
        for (CompletionItem &item : bare)
            item.name.remove(0, prefix.size());
        QList<CompletionItem> found = ranked(bare, typed, kMaxOffered);
        for (CompletionItem &item : found)
            item.name.prepend(prefix);
        return found;
    }
    case ExpressionPlace::Kind::Operator:
        return operatorItems(place.inList);
    }
    return {};
}

} // namespace gatehouse::app
