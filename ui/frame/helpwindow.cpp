// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/helpwindow.h"

#include <QFile>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace gatehouse::ui {

HelpWindow::HelpWindow(QWidget *parent) : QDialog(parent), m_text(new QTextBrowser(this))
{
    setObjectName(QStringLiteral("help"));
    resize(440, 560);
    m_text->setAccessibleName(tr("Help"));
    m_text->setOpenExternalLinks(false);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setStyleSheet(QStringLiteral("QTextBrowser, QTextBrowser:focus { border: 0; padding: 12px; }"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text);
}

void HelpWindow::showPage(const QString &key, const QString &title)
{
    setWindowTitle(tr("Help: %1").arg(title));
    QFile file(QStringLiteral(":/help/%1.md").arg(key));
    if (!file.open(QIODevice::ReadOnly)) {
        file.setFileName(QStringLiteral(":/help/keys.md"));
        if (!file.open(QIODevice::ReadOnly))
            return;
    }
    m_text->setMarkdown(QString::fromUtf8(file.readAll()));
}

} // namespace gatehouse::ui
