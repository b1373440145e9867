// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file's path, typed or chosen. Only the path is kept; nothing here opens the file.
#pragma once

#include <QWidget>

#include <functional>

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
    /// Asked before a chosen file is taken: calls the second argument when it shall be.
    using Review = std::function<void(const QString &path, std::function<void()> take)>;
    void setReview(Review review) { m_review = std::move(review); }
    QLineEdit *edit() const { return m_edit; }

signals:
    void pathChanged(const QString &path);

private:
    QLineEdit *m_edit;
    Review m_review;
};

} // namespace gatehouse::ui
