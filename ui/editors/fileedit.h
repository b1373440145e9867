// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file's path, typed or chosen. Only the path is kept; nothing here opens the file.
#pragma once

#include <QWidget>

class QLineEdit;

namespace gatehouse::ui {

class FileEdit : public QWidget {
    Q_OBJECT
    Q_PROPERTY(QString path READ path WRITE setPath NOTIFY pathChanged USER true)
public:
    /// @p title: of the dialog; @p filter as QFileDialog has it, empty: all files.
    FileEdit(const QString &title, const QString &filter, QWidget *parent = nullptr);

    QString path() const;
    void setPath(const QString &path);
    QLineEdit *edit() const { return m_edit; }

signals:
    void pathChanged(const QString &path);

private:
    QLineEdit *m_edit;
};

} // namespace gatehouse::ui
