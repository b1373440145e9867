// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/fileedit.h"

#include "ui/theme/theme.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace gatehouse::ui {

FileEdit::FileEdit(const QString &title, const QString &filter, QWidget *parent)
    : QWidget(parent), m_edit(new QLineEdit(this))
{
    m_edit->setFont(monospaceFont(font()));
    m_edit->setAccessibleName(title);
    auto *choose = new QPushButton(tr("Choose…"), this);
    choose->setAutoDefault(false);
    choose->setObjectName(QStringLiteral("choose"));
    choose->setAccessibleName(tr("Choose: %1").arg(title));
    connect(choose, &QPushButton::clicked, this, [this, title, filter] {
        auto *dialog = new QFileDialog(this, title, m_edit->text(), filter);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
            if (m_review)
                m_review(path, [this, path] { m_edit->setText(path); });
            else
                m_edit->setText(path);
        });
        dialog->open();
    });
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_edit, 1);
    layout->addWidget(choose);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, &FileEdit::pathChanged);
}

QString FileEdit::path() const
{
    return m_edit->text().trimmed();
}

void FileEdit::setPath(const QString &path)
{
    m_edit->setText(path);
}

} // namespace gatehouse::ui
