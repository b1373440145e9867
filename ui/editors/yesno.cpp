// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/yesno.h"

#include <QHBoxLayout>

namespace gatehouse::ui {

YesNo::YesNo(bool yes, QWidget *parent)
    : QWidget(parent), m_yes(new QRadioButton(tr("Yes"), this)), m_no(new QRadioButton(tr("No"), this))
{
    m_yes->setObjectName(QStringLiteral("yes"));
    m_no->setObjectName(QStringLiteral("no"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(16);
    layout->addWidget(m_yes);
    layout->addWidget(m_no);
    layout->addStretch(1);
    setFocusProxy(m_yes);
    setYes(yes);
    connect(m_yes, &QRadioButton::toggled, this, &YesNo::yesChanged);
}

} // namespace gatehouse::ui
