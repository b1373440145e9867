// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/expressions/reference.h"

#include "app/expressions/expressionplace.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace gatehouse::app {

namespace expr = core::expr;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::Reference)
};

QString argumentsText(const expr::FunctionDescription &function)
{
    if (function.minimumArguments == function.maximumArguments)
        return {};
    return Words::tr("Takes %1 to %2 arguments.").arg(function.minimumArguments).arg(function.maximumArguments);
}

} // namespace

Reference::Reference(const QString &chapters)
{
    readChapters(chapters);
    addFunctions();
}

void Reference::readChapters(const QString &text)
{
    static const QRegularExpression exampleLine(QStringLiteral("^- `(.+?)` → (?:`(.*)`|error)(.*)$"));
    ReferenceEntry entry;
    bool inData = false;
    const auto finish = [&] {
        entry.text = entry.text.trimmed();
        if (!entry.title.isEmpty())
            m_entries.append(entry);
        entry = {};
        entry.group = Words::tr("Language");
    };
    finish();
    for (const QString &line : text.split(u'\n')) {
        if (line.startsWith(QStringLiteral("## "))) {
            finish();
            entry.title = line.sliced(3).trimmed();
            continue;
        }
        if (line.startsWith(QStringLiteral("```"))) {
            inData = !inData;
            continue;
        }
        if (inData) {
            entry.data += line + u'\n';
            continue;
        }
        const QRegularExpressionMatch match = exampleLine.match(line);
        if (match.hasMatch())
            entry.examples.append({match.captured(1), match.captured(2), match.captured(2).isEmpty()});
        else
            entry.text += line + u'\n';
    }
    finish();
}

void Reference::addFunctions()
{
    const QList<CompletionItem> items = functionItems();
    qsizetype index = 0;
    for (const expr::FunctionDescription &function : expr::functions()) {
        const CompletionItem &item = items.at(index++);
        ReferenceEntry entry;
        entry.title = expr::signatureOf(function);
        entry.group = u'#' + function.library.toString();
        entry.text = function.summary.toString() + QStringLiteral("\n\n");
        for (const expr::Parameter &parameter : function.parameters)
            entry.text += QStringLiteral("- **%1**: %2\n").arg(parameter.name, expr::typeName(parameter.type));
        entry.text += QStringLiteral("\n") + Words::tr("Gives %1.").arg(expr::typeName(function.result));
        if (const QString arguments = argumentsText(function); !arguments.isEmpty())
            entry.text += u' ' + arguments;
        entry.examples.append({function.example.toString(), function.exampleResult.toString(), false});
        entry.insertion = item.insertion;
        entry.caret = item.caret;
        m_entries.append(entry);
    }
}

QList<int> Reference::search(const QString &words) const
{
    const QStringList wanted = words.split(u' ', Qt::SkipEmptyParts);
    struct Found {
        int rank;
        int index;
    };
    std::vector<Found> found;
    for (int i = 0; i < int(m_entries.size()); ++i) {
        const ReferenceEntry &entry = m_entries.at(i);
        int worst = 0;
        for (const QString &word : wanted) {
            int rank = 4;
            // "join" begins the function's own name, whatever library it is in.
            const QString name = entry.title.section(u'.', -1);
            if (entry.title.startsWith(word, Qt::CaseInsensitive) || (entry.group.startsWith(u'#') && name.startsWith(word, Qt::CaseInsensitive)))
                rank = 0;
            else if (entry.title.contains(word, Qt::CaseInsensitive))
                rank = 1;
            else if (entry.text.contains(word, Qt::CaseInsensitive))
                rank = 2;
            else if (std::any_of(entry.examples.begin(), entry.examples.end(), [&](const ReferenceExample &example) {
                         return example.expression.contains(word, Qt::CaseInsensitive);
                     }))
                rank = 3;
            worst = std::max(worst, rank);
        }
        if (worst < 4)
            found.push_back({worst, i});
    }
    std::stable_sort(found.begin(), found.end(), [](const Found &a, const Found &b) { return a.rank < b.rank; });
    QList<int> result;
    for (const Found &each : found)
        result.append(each.index);
    return result;
}

int Reference::find(const QString &function) const
{
    for (int i = 0; i < int(m_entries.size()); ++i) {
        if (m_entries.at(i).title.startsWith(function + u'('))
            return i;
    }
    return -1;
}

} // namespace gatehouse::app
