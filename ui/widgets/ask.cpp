// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/ask.h"

#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {
QString words(const char *text)
{
    return QCoreApplication::translate("gatehouse::ui::ask", text);
}
} // namespace

void ask(QWidget *asker, const Question &question, std::function<void(Reply)> then)
{
    auto *dialog = new QDialog(asker->window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("ask"));
    dialog->setWindowTitle(question.title);
    dialog->setMinimumWidth(420);

    auto *title = new QLabel(question.title, dialog);
    title->setFont(scaledFont(dialog->font(), 1.12, QFont::DemiBold));
    title->setWordWrap(true);
    title->setTextFormat(Qt::PlainText);
    auto *text = new QLabel(question.text, dialog);
    text->setWordWrap(true);
    text->setTextFormat(Qt::PlainText);
    text->setForegroundRole(QPalette::PlaceholderText);

    auto *cancel = new QPushButton(words(QT_TRANSLATE_NOOP("gatehouse::ui::ask", "&Cancel")), dialog);
    cancel->setObjectName(QStringLiteral("cancel"));
    auto *confirm = new QPushButton(question.confirm, dialog);
    confirm->setObjectName(QStringLiteral("confirm"));
    confirm->setProperty("form", question.harmful ? QStringLiteral("danger") : QStringLiteral("primary"));
    (question.harmful ? cancel : confirm)->setDefault(true);

    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(24, 20, 24, 16);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(text);
    layout->addSpacing(12);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    if (!question.other.isEmpty()) {
        auto *other = new QPushButton(question.other, dialog);
        other->setObjectName(QStringLiteral("other"));
        buttons->addWidget(other);
        QObject::connect(other, &QPushButton::clicked, dialog, [dialog] { dialog->done(2); });
    }
    buttons->addWidget(confirm);
    layout->addLayout(buttons);

    QObject::connect(cancel, &QPushButton::clicked, dialog, &QDialog::reject);
    QObject::connect(confirm, &QPushButton::clicked, dialog, &QDialog::accept);
    QObject::connect(dialog, &QDialog::finished, asker, [then = std::move(then)](int result) {
        then(result == QDialog::Accepted ? Reply::Confirm : result == 2 ? Reply::Other : Reply::Cancel);
    });
    dialog->open();
}

void askUnsaved(QWidget *asker, const QString &what, std::function<void(Reply)> then)
{
    Question question;
    question.title = words(QT_TRANSLATE_NOOP("gatehouse::ui::ask", "Save your changes?"));
    question.text =
        words(QT_TRANSLATE_NOOP("gatehouse::ui::ask", "What you changed in %1 is not saved yet.")).arg(what);
    question.confirm = words(QT_TRANSLATE_NOOP("gatehouse::ui::ask", "&Save"));
    question.other = words(QT_TRANSLATE_NOOP("gatehouse::ui::ask", "&Discard"));
    ask(asker, question, std::move(then));
}

} // namespace gatehouse::ui
