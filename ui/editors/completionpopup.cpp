// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/completionpopup.h"

#include "ui/theme/theme.h"

#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QScreen>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace gatehouse::ui {

namespace {

constexpr int kRows = 9;
constexpr int kWidth = 520;

/// Name in monospace, what it is behind it, muted; both in one line.
class CompletionDelegate : public QStyledItemDelegate {
public:
    CompletionDelegate(const app::AttributeCompletion &model, QObject *parent) : QStyledItemDelegate(parent), m_model(model) {}

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return {kWidth / 2, QFontMetrics(option.font).height() + 10};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Colors &c = colors();
        const app::CompletionItem &item = m_model.at(index.row());
        painter->save();
        painter->setLayoutDirection(option.direction);
        if (option.state & QStyle::State_Selected) {
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(c.accentGround);
            painter->drawRoundedRect(option.rect.adjusted(4, 1, -4, -1), 5, 5);
        }
        QFont mono = monospaceFont(option.font);
        if (item.present)
            mono.setWeight(QFont::DemiBold);
        const QRect rect = option.rect.adjusted(12, 0, -12, 0);
        const int width = std::min(QFontMetrics(mono).horizontalAdvance(item.name), rect.width() * 2 / 3);
        painter->setFont(mono);
        painter->setPen(item.kind == app::CompletionKind::Function || item.kind == app::CompletionKind::Library ? c.code : c.text);
        painter->drawText(QStyle::visualRect(option.direction, option.rect, QRect(rect.left(), rect.top(), width, rect.height())),
                          Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine,
                          QFontMetrics(mono).elidedText(item.name, Qt::ElideRight, width));
        const QRect right(rect.left() + width + 12, rect.top(), rect.width() - width - 12, rect.height());
        const QString about = item.detail.isEmpty() ? item.help : item.detail;
        painter->setFont(scaledFont(option.font, 0.93));
        painter->setPen(c.muted);
        painter->drawText(QStyle::visualRect(option.direction, option.rect, right),
                          Qt::AlignTrailing | Qt::AlignVCenter | Qt::TextSingleLine,
                          painter->fontMetrics().elidedText(about, Qt::ElideRight, right.width()));
        painter->restore();
    }

private:
    const app::AttributeCompletion &m_model;
};

} // namespace

CompletionPopup::CompletionPopup(QWidget *parent)
    : QFrame(parent, Qt::ToolTip | Qt::FramelessWindowHint), m_view(new QListView(this)), m_details(new QLabel(this))
{
    setObjectName(QStringLiteral("completions"));
    setAccessibleName(tr("Completions"));
    setAttribute(Qt::WA_ShowWithoutActivating);
    setFocusPolicy(Qt::NoFocus);
    setProperty("form", QStringLiteral("card"));
    m_view->setFocusPolicy(Qt::NoFocus);
    m_view->setAccessibleName(tr("Completions"));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new CompletionDelegate(m_model, m_view));
    m_view->setUniformItemSizes(true);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_details->setWordWrap(true);
    m_details->setTextFormat(Qt::RichText);
    m_details->setContentsMargins(12, 6, 12, 8);
    m_details->setAlignment(Qt::AlignLeading | Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 4, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_details);
    connect(m_view, &QListView::clicked, this, [this](const QModelIndex &index) { emit chosen(m_model.at(index.row())); });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &CompletionPopup::showDetails);
}

void CompletionPopup::offer(const QList<app::CompletionItem> &items, const QWidget *field, const QRect &character)
{
    m_model.setShown(items);
    m_details->setVisible(std::any_of(items.begin(), items.end(), [](const app::CompletionItem &item) {
        return !item.help.isEmpty() || !item.example.isEmpty();
    }));
    setCurrent(0);
    const int rowHeight = fontMetrics().height() + 10;
    m_view->setFixedHeight(std::min(kRows, int(items.size())) * rowHeight + 4);
    const int details = m_details->isHidden() ? 0 : fontMetrics().lineSpacing() * 3 + 18;
    m_details->setFixedHeight(std::max(details, 0));
    const QSize size(kWidth, m_view->height() + details + 6);
    QRect room = field->screen()->availableGeometry();
    const QPoint below = field->mapToGlobal(character.bottomLeft());
    QRect place(below + QPoint(-12, 4), size);
    if (place.bottom() > room.bottom())
        place.moveBottom(field->mapToGlobal(character.topLeft()).y() - 4);
    place.moveLeft(std::clamp(place.left(), room.left(), std::max(room.left(), room.right() - size.width())));
    setGeometry(place);
    show();
    raise();
}

int CompletionPopup::currentRow() const
{
    return m_view->currentIndex().row();
}

void CompletionPopup::setCurrent(int row)
{
    const int last = m_model.rowCount() - 1;
    m_view->setCurrentIndex(m_model.index(std::clamp(row, 0, std::max(0, last)), 0));
}

bool CompletionPopup::takeKey(int key)
{
    if (!isVisible())
        return false;
    switch (key) {
    case Qt::Key_Down:
        setCurrent(currentRow() == m_model.rowCount() - 1 ? 0 : currentRow() + 1);
        return true;
    case Qt::Key_Up:
        setCurrent(currentRow() == 0 ? m_model.rowCount() - 1 : currentRow() - 1);
        return true;
    case Qt::Key_PageDown:
        setCurrent(currentRow() + kRows);
        return true;
    case Qt::Key_PageUp:
        setCurrent(currentRow() - kRows);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Tab:
        if (currentRow() < 0)
            return false;
        emit chosen(app::CompletionItem(m_model.at(currentRow())));
        return true;
    case Qt::Key_Escape:
        hide();
        return true;
    default:
        return false;
    }
}

void CompletionPopup::showDetails()
{
    if (currentRow() < 0)
        return;
    const app::CompletionItem &item = m_model.at(currentRow());
    QString words = item.help.toHtmlEscaped();
    if (!item.example.isEmpty())
        words += QStringLiteral("<br><span style=\"color:%1\">%2 <code>%3</code></span>")
                     .arg(colors().muted.name(), tr("Example:"), item.example.toHtmlEscaped());
    m_details->setText(words);
    emit currentChanged(m_model.data(m_view->currentIndex(), Qt::DisplayRole).toString() + QStringLiteral(", ")
                        + m_model.data(m_view->currentIndex(), Qt::AccessibleDescriptionRole).toString());
}

} // namespace gatehouse::ui
