// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/page.h"

#include "app/configfaults.h"

namespace gatehouse::ui {

Page::Page(const PageContext &context, const QString &key, const QString &title, QWidget *parent)
    : QWidget(parent), m_context(context), m_key(key), m_title(title)
{
    setObjectName(QStringLiteral("page-") + key);
    setAccessibleName(title);
}

void Page::setTrail(const QStringList &trail)
{
    if (m_trail == trail)
        return;
    m_trail = trail;
    emit headerChanged();
}

void Page::setPrimaryAction(QAction *action)
{
    m_primary = action;
    emit headerChanged();
}

void Page::setHeaderWidgets(const QList<QWidget *> &widgets)
{
    m_headerWidgets = widgets;
    emit headerChanged();
}

std::function<void(const app::Console::SaveAnswer &)> Page::deletionOf(const QString &name)
{
    return [this, name](const app::Console::SaveAnswer &answer) {
        if (answer)
            emit said(tr("Deleted %1.").arg(name), Tone::Good);
        else
            emit said(app::ConfigFaults::text(answer.error().first()), Tone::Bad);
    };
}

QString Page::settingsKey(const QString &name) const
{
    return QStringLiteral("pages/%1/%2").arg(m_key, name);
}

} // namespace gatehouse::ui
