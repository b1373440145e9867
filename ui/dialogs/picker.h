// SPDX-License-Identifier: GPL-3.0-or-later
//
// Chooses one of many by searching: a member for a group, a group for a user. What there is comes from a source that is
// asked again as one types and answers when it can; the dialog shows only the answer to the last question.
#pragma once

#include <QDialog>
#include <QVariant>

#include <functional>

class QListView;
class QPushButton;
class QStandardItemModel;

namespace gatehouse::ui {

class SearchBox;

struct Choice {
    QVariant id;
    QString title;
    QString subtitle;
    bool enabled = true; ///< false: shown with its reason in the subtitle, but cannot be taken
};

class Picker : public QDialog {
    Q_OBJECT
public:
    using Answer = std::function<void(const QList<Choice> &)>;
    using Source = std::function<void(const QString &search, Answer answer)>;

    Picker(const QString &title, const QString &placeholder, const QString &confirm, Source source,
           std::function<void(const QVariant &id)> then, QWidget *parent);

private:
    void search(const QString &text);
    void choose();
    void updateConfirm();

    Source m_source;
    std::function<void(const QVariant &)> m_then;
    SearchBox *m_search;
    QListView *m_view;
    QStandardItemModel *m_model;
    QPushButton *m_confirm;
    int m_question = 0;
};

} // namespace gatehouse::ui
