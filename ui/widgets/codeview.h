// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text as a machine reads it (JSON of the API, LDIF): monospace, read only, with a copy button in its corner.
#pragma once

#include <QWidget>

class QPlainTextEdit;

namespace gatehouse::ui {

class CodeView : public QWidget {
    Q_OBJECT
public:
    explicit CodeView(const QString &accessibleName, QWidget *parent = nullptr);
    void setText(const QString &text);
    QString text() const;

private:
    QPlainTextEdit *m_text;
};

} // namespace gatehouse::ui
