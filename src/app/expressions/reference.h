// SPDX-License-Identifier: GPL-3.0-or-later
//
// The documentation of the expression language inside the program: chapters, read from a text that ships with it, and
// one entry a function, made from the library's own table. Every example has its result beside it, and a test evaluates
// them all. Values, GUI thread. It reads no file: whoever shows it hands the text over.
#pragma once

#include "core/expr/value.h"

#include <QList>
#include <QString>

namespace gatehouse::app {

struct ReferenceExample {
    QString expression;
    QString result;     ///< JSON; empty: it changes from time to time
    bool fails = false; ///< shown because it is an error
};

struct ReferenceEntry {
    QString title; ///< a chapter's heading, or "#string.join(list, separator)"
    QString group; ///< "Language", or "#string"
    QString text;  ///< Markdown, without examples
    QList<ReferenceExample> examples;
    QString data;    ///< JSON that the examples read; empty: they need none
    QString insertion; ///< what Insert writes; empty: there is nothing to insert as a whole
    int caret = -1;    ///< of the insertion
};

class Reference {
public:
    /// @p chapters is Markdown: "## " begins a chapter, a fenced block is the data of its examples, and an example is
    /// a line "- `expression` → `result as JSON`" or "- `expression` → error".
    explicit Reference(const QString &chapters);

    const QList<ReferenceEntry> &entries() const { return m_entries; }
    /// Indexes of what @p words mean, titles before texts before examples; all in their order for an empty text.
    QList<int> search(const QString &words) const;
    /// The entry about the function "#string.join"; -1: none.
    int find(const QString &function) const;

private:
    void readChapters(const QString &text);
    void addFunctions();
    QList<ReferenceEntry> m_entries;
};

} // namespace gatehouse::app
