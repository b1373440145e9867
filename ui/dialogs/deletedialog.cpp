// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/deletedialog.h"

#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QCoreApplication>
#include <QDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kMaxShown = 8;    ///< lines of dependents in sight at once; more scroll
constexpr int kListSpacing = 3; ///< pixels around each
constexpr int kListWidth = 390; ///< what fits into a line of them at the dialog's smallest width

QString words(const char *text)
{
    return QCoreApplication::translate("gatehouse::ui::DeleteDialog", text);
}

QLabel *line(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

void askDelete(QWidget *asker, const DeleteQuestion &question, std::function<void()> then)
{
    auto *dialog = new QDialog(asker->window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("deleteDialog"));
    dialog->setWindowTitle(question.title);
    dialog->setMinimumWidth(460);
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(24, 20, 24, 16);
    layout->setSpacing(10);
    auto *title = line(question.title, dialog);
    title->setFont(scaledFont(dialog->font(), 1.12, QFont::DemiBold));
    layout->addWidget(title);
    auto *text = line(question.text, dialog);
    text->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(text);
    if (!question.dependents.isEmpty()) {
        auto *heading = line(question.dependentsTitle, dialog);
        layout->addWidget(heading);
        auto *list = new QListWidget(dialog);
        list->setObjectName(QStringLiteral("dependents"));
        list->setAccessibleName(question.dependentsTitle);
        list->addItems(question.dependents);
        list->setSelectionMode(QAbstractItemView::NoSelection);
        list->setWordWrap(true);
        list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        list->setResizeMode(QListView::Adjust);
        list->setSpacing(kListSpacing);
        // A sentence may take two lines.
        int lines = 0;
        for (const QString &dependent : question.dependents)
            lines += list->fontMetrics().horizontalAdvance(dependent) > kListWidth ? 2 : 1;
        const int items = int(std::min<qsizetype>(kMaxShown, question.dependents.size()));
        list->setFixedHeight(std::min(kMaxShown, lines) * (list->fontMetrics().height() + 2) + 2 * kListSpacing * (items + 1) + 8);
        layout->addWidget(list);
    }
    QCheckBox *confirmation = nullptr;
    if (!question.confirmation.isEmpty()) {
        confirmation = new QCheckBox(question.confirmation, dialog);
        confirmation->setObjectName(QStringLiteral("confirmation"));
        layout->addWidget(confirmation);
    }
    layout->addSpacing(8);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    auto *cancel = new QPushButton(words(QT_TRANSLATE_NOOP("gatehouse::ui::DeleteDialog", "&Cancel")), dialog);
    cancel->setObjectName(QStringLiteral("cancel"));
    cancel->setDefault(true);
    auto *erase = new QPushButton(words(QT_TRANSLATE_NOOP("gatehouse::ui::DeleteDialog", "&Delete")), dialog);
    erase->setObjectName(QStringLiteral("confirm"));
    erase->setProperty("form", QStringLiteral("danger"));
    erase->setAutoDefault(false);
    buttons->addWidget(cancel);
    buttons->addWidget(erase);
    layout->addLayout(buttons);
    if (confirmation) {
        erase->setEnabled(false);
        QObject::connect(confirmation, &QCheckBox::toggled, erase, &QPushButton::setEnabled);
    }
    QObject::connect(cancel, &QPushButton::clicked, dialog, &QDialog::reject);
    QObject::connect(erase, &QPushButton::clicked, dialog, &QDialog::accept);
    QObject::connect(dialog, &QDialog::accepted, asker, std::move(then));
    cancel->setFocus();
    dialog->open();
}

} // namespace gatehouse::ui
