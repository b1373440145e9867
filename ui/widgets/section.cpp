// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/section.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/propertyrows.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

Section::Section(const QString &title, QWidget *parent)
    : QWidget(parent), m_title(new QLabel(title, this)), m_edit(new QToolButton(this)),
      m_rows(new PropertyRows(this)), m_layout(new QVBoxLayout(this))
{
    m_title->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_title->setContentsMargins(4, 0, 0, 0);
    m_rows->setAccessibleName(title.isEmpty() ? tr("Properties") : title);
    m_edit->setProperty("form", QStringLiteral("flat"));
    m_edit->setIcon(icon(QStringLiteral("edit")));
    m_edit->setIconSize(QSize(iconSide(font()), iconSide(font())));
    m_edit->setText(tr("Edit"));
    m_edit->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_edit->setFocusPolicy(Qt::StrongFocus);
    m_edit->setAccessibleName(tr("Edit %1").arg(title));
    m_edit->setObjectName(QStringLiteral("edit"));
    m_edit->hide();
    connect(m_edit, &QToolButton::clicked, this, &Section::editClicked);

    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(4);
    m_header = new QHBoxLayout;
    m_header->setSpacing(4);
    m_header->addWidget(m_title);
    m_header->addStretch(1);
    m_header->addWidget(m_edit);
    m_layout->addLayout(m_header);
    m_layout->addWidget(m_rows);
    m_title->setVisible(!title.isEmpty());
}

void Section::addHeaderWidget(QWidget *widget)
{
    m_header->insertWidget(m_header->indexOf(m_edit), widget);
}

void Section::addBadge(QWidget *badge)
{
    m_header->insertSpacing(1, 4);
    m_header->insertWidget(2, badge);
}

void Section::addWidget(QWidget *widget)
{
    m_layout->addWidget(widget);
}

void Section::setEditable(bool editable)
{
    m_editable = editable;
    m_edit->setVisible(editable && !m_editor);
}

void Section::setEditor(QWidget *editor)
{
    if (m_editor)
        m_editor->deleteLater();
    m_editor = editor;
    m_rows->setVisible(!editor);
    m_edit->setVisible(m_editable && !editor);
    if (editor) {
        m_layout->insertWidget(1, editor);
        editor->show();
    }
}

} // namespace gatehouse::ui
