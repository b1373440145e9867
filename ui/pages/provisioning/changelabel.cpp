// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/changelabel.h"

#include "app/text.h"
#include "ui/widgets/beforeafterdelegate.h"

#include <QPainter>

namespace gatehouse::ui {

ChangeLabel::ChangeLabel(const core::AttributeChange &change, QWidget *parent)
    : QWidget(parent), m_hasBefore(!core::isNull(change.before)), m_hasAfter(!core::isNull(change.after)),
      m_before(app::Text::value(change.before)), m_after(app::Text::value(change.after))
{
    setToolTip(text());
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QString ChangeLabel::text() const
{
    QStringList sides;
    if (m_hasBefore)
        sides << QStringLiteral("− ") + m_before;
    if (m_hasAfter)
        sides << QStringLiteral("+ ") + m_after;
    return sides.join(u' ');
}

QSize ChangeLabel::sizeHint() const
{
    return {200, fontMetrics().height() + 6};
}

void ChangeLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    BeforeAfterDelegate::paintChange(painter, rect(), font(), m_hasBefore ? &m_before : nullptr,
                                     m_hasAfter ? &m_after : nullptr);
}

} // namespace gatehouse::ui
