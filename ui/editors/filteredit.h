// SPDX-License-Identifier: GPL-3.0-or-later
//
// An LDAP filter (RFC 4515) being written: monospaced, read as it is typed, the place where it stops making sense
// underlined, and under it the reason with a caret at the character.
#pragma once

#include "core/result.h"
#include "core/schema.h"

#include <QTimer>
#include <QWidget>

#include <memory>

class QLabel;
class QPlainTextEdit;

namespace gatehouse::ui {

class FilterEdit : public QWidget {
    Q_OBJECT
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged USER true)
public:
    explicit FilterEdit(QWidget *parent = nullptr);

    QString text() const;
    void setText(const QString &text);
    void setPlaceholder(const QString &text);
    /// What is wrong, in words; empty when it can be used (also when it is empty).
    QString fault() const;
    /// The directory's: names of attributes that it does not know are told, from now on.
    void setSchema(std::shared_ptr<const core::Schema> schema);
    QPlainTextEdit *edit() const { return m_edit; }

signals:
    void textChanged();

private:
    void check();

    QPlainTextEdit *m_edit;
    QLabel *m_caret; ///< two lines: an excerpt, and "^" under the wrong character
    QLabel *m_note;  ///< names that the schema does not know
    std::shared_ptr<const core::Schema> m_schema;
    QTimer m_pause;
};

} // namespace gatehouse::ui
