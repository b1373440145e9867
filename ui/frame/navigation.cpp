// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/navigation.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kWide = 196;
constexpr int kNarrow = 56;

/// Wide enough for the longest words in a large font too.
int wideWidth(const QFontMetrics &metrics)
{
    return std::max(kWide, metrics.averageCharWidth() * 18);
}

int narrowWidth(const QFontMetrics &metrics)
{
    return std::max(kNarrow, metrics.height() + 38);
}

enum { KeyRole = Qt::UserRole, IconRole, BadgeRole };

class NavigationDelegate : public QStyledItemDelegate {
public:
    explicit NavigationDelegate(const Navigation &navigation, QObject *parent)
        : QStyledItemDelegate(parent), m_navigation(navigation)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QFontMetrics metrics(option.font);
        if (isHeading(index))
            return {0, m_navigation.isNarrow() ? 13 : metrics.height() + 16};
        return {0, metrics.height() + 15};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Colors &c = colors();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setLayoutDirection(option.direction);
        if (isHeading(index)) {
            paintHeading(*painter, option, index);
            painter->restore();
            return;
        }
        const bool selected = option.state & QStyle::State_Selected;
        const QRect box = option.rect.adjusted(10, 1, -10, -1);
        if (selected || (option.state & QStyle::State_MouseOver)) {
            QColor ground = selected ? c.accentGround : c.text;
            if (!selected)
                ground.setAlphaF(0.06F);
            painter->setPen(Qt::NoPen);
            painter->setBrush(ground);
            painter->drawRoundedRect(box, 6, 6);
        }
        if (option.state & QStyle::State_HasFocus) {
            painter->setPen(QPen(c.accent, 1.5));
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 6, 6);
        }
        const QColor color = selected ? c.accent : c.text;
        const auto visual = [&](const QRect &rect) { return QStyle::visualRect(option.direction, option.rect, rect); };
        const int side = iconSide(option.font) + 1;
        const int iconLeft = m_navigation.isNarrow() ? option.rect.center().x() - side / 2 : box.left() + 8;
        const QRect iconRect(iconLeft, box.center().y() - side / 2 + 1, side, side);
        paintIcon(*painter, visual(iconRect), index.data(IconRole).toString(), color);
        const int badge = index.data(BadgeRole).toInt();
        int right = box.right() - 8;
        if (badge > 0)
            right = paintBadge(*painter, option, box, badge);
        if (!m_navigation.isNarrow()) {
            QFont font = option.font;
            if (selected)
                font.setWeight(QFont::DemiBold);
            painter->setFont(font);
            painter->setPen(color);
            const QRect words(iconRect.right() + 9, box.top(), right - iconRect.right() - 9, box.height());
            painter->drawText(visual(words), Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine,
                              QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, words.width()));
        }
        painter->restore();
    }

private:
    static bool isHeading(const QModelIndex &index) { return index.data(KeyRole).toString().isEmpty(); }

    void paintHeading(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
    {
        if (m_navigation.isNarrow()) {
            painter.fillRect(option.rect.adjusted(16, 6, -16, -6), colors().line);
            return;
        }
        QFont font = scaledFont(option.font, 0.82, QFont::DemiBold);
        font.setLetterSpacing(QFont::AbsoluteSpacing, 0.4);
        painter.setFont(font);
        painter.setPen(colors().muted);
        painter.drawText(option.rect.adjusted(18, 8, -10, -2), Qt::AlignLeading | Qt::AlignVCenter,
                         index.data().toString().toUpper());
    }

    int paintBadge(QPainter &painter, const QStyleOptionViewItem &option, const QRect &box, int count) const
    {
        const QFont font = scaledFont(option.font, 0.82, QFont::DemiBold);
        const QFontMetrics metrics(font);
        const QString text = QString::number(count);
        const int height = metrics.height() + 2;
        const int width = std::max(height, metrics.horizontalAdvance(text) + 10);
        const QRect rect(box.right() - 6 - width, box.center().y() - height / 2 + 1, width, height);
        const QRect shown = QStyle::visualRect(option.direction, option.rect, rect);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors().warningGround);
        painter.drawRoundedRect(shown, height / 2.0, height / 2.0);
        painter.setPen(colors().warning);
        painter.setFont(font);
        painter.drawText(shown, Qt::AlignCenter, text);
        return rect.left() - 4;
    }

    const Navigation &m_navigation;
};

QToolButton *footButton(const QString &iconName, const QString &words, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setProperty("form", QStringLiteral("flat"));
    button->setIcon(icon(iconName));
    button->setIconSize(QSize(iconSide(parent->font()), iconSide(parent->font())));
    button->setToolTip(words);
    button->setAccessibleName(words);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

Navigation::Navigation(QWidget *parent)
    : QWidget(parent), m_name(new QLabel(QStringLiteral("Gatehouse"), this)), m_environment(new QLabel(this)),
      m_list(new QListWidget(this)), m_menu(footButton(QStringLiteral("menu"), tr("Menu"), this)),
      m_collapse(footButton(QStringLiteral("collapse"), tr("Make the navigation narrow"), this))
{
    setObjectName(QStringLiteral("navigation"));
    setBackgroundRole(QPalette::AlternateBase);
    setAutoFillBackground(true);
    m_name->setFont(scaledFont(font(), 1.14, QFont::Bold));
    m_environment->setFont(scaledFont(font(), 0.93));
    m_environment->setForegroundRole(QPalette::PlaceholderText);
    m_environment->setTextFormat(Qt::PlainText);
    m_environment->setMinimumWidth(0);
    m_environment->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);

    m_list->setObjectName(QStringLiteral("pages"));
    m_list->setAccessibleName(tr("Pages"));
    m_list->setItemDelegate(new NavigationDelegate(*this, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setStyleSheet(QStringLiteral("QListView { background: transparent; }"));

    m_menu->setObjectName(QStringLiteral("menu"));
    m_menu->setPopupMode(QToolButton::InstantPopup);
    connect(m_collapse, &QToolButton::clicked, this, [this] { setNarrow(!m_narrow); });

    auto *head = new QVBoxLayout;
    head->setContentsMargins(18, 18, 12, 8);
    head->setSpacing(2);
    head->addWidget(m_name);
    head->addWidget(m_environment);
    m_foot = new QHBoxLayout;
    m_foot->setContentsMargins(10, 4, 10, 8);
    m_foot->addWidget(m_menu);
    m_foot->addStretch(1);
    m_foot->addWidget(m_collapse);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_list, 1);
    layout->addLayout(m_foot);
    setFixedWidth(wideWidth(fontMetrics()));

    connect(m_list, &QListWidget::currentItemChanged, this, [this](QListWidgetItem *item) {
        const QString key = item ? item->data(KeyRole).toString() : QString();
        if (!m_setting && !key.isEmpty())
            emit chosen(key);
    });
    // The page that is shown already, chosen once more, leads back to its beginning.
    m_list->viewport()->installEventFilter(this);
    connect(m_list, &QListWidget::itemClicked, this, [this](const QListWidgetItem *item) {
        const QString key = item->data(KeyRole).toString();
        if (!key.isEmpty() && key == m_currentAtPress)
            emit chosen(key);
    });
    connect(m_list, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) {
        if (const QString key = item->data(KeyRole).toString(); !key.isEmpty())
            emit chosen(key);
    });
}

void Navigation::setEnvironment(const QString &name, const QString &path)
{
    m_environment->setText(m_environment->fontMetrics().elidedText(name, Qt::ElideMiddle, wideWidth(fontMetrics()) - 36));
    m_environment->setToolTip(path);
    m_environment->setAccessibleName(tr("Environment %1").arg(name));
}

void Navigation::addPage(const QString &key, const QString &group, const QString &title, const QString &iconName)
{
    if (!group.isEmpty() && group != m_lastGroup) {
        auto *heading = new QListWidgetItem(group, m_list);
        heading->setFlags(Qt::NoItemFlags);
    }
    m_lastGroup = group;
    auto *item = new QListWidgetItem(title, m_list);
    item->setData(KeyRole, key);
    item->setData(IconRole, iconName);
    m_items.insert(key, item);
}

void Navigation::setBadge(const QString &key, int count)
{
    if (QListWidgetItem *item = m_items.value(key)) {
        item->setData(BadgeRole, count);
        item->setData(Qt::AccessibleDescriptionRole, count > 0 ? tr("%n waiting", nullptr, count) : QString());
    }
}

void Navigation::setCurrent(const QString &key)
{
    m_setting = true;
    m_list->setCurrentItem(m_items.value(key));
    m_setting = false;
}

QString Navigation::current() const
{
    const QListWidgetItem *item = m_list->currentItem();
    return item ? item->data(KeyRole).toString() : QString();
}

void Navigation::setMenu(QMenu *menu)
{
    m_menu->setMenu(menu);
}

void Navigation::openMenu()
{
    m_menu->showMenu();
}

bool Navigation::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::MouseButtonPress)
        m_currentAtPress = current();
    return QWidget::eventFilter(watched, event);
}

void Navigation::setNarrow(bool narrow)
{
    if (m_narrow == narrow)
        return;
    m_narrow = narrow;
    m_name->setVisible(!narrow);
    m_environment->setVisible(!narrow);
    m_collapse->setIcon(icon(narrow ? QStringLiteral("expand") : QStringLiteral("collapse")));
    const QString words = narrow ? tr("Show the navigation's words") : tr("Make the navigation narrow");
    m_collapse->setToolTip(words);
    m_collapse->setAccessibleName(words);
    m_foot->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    for (QListWidgetItem *item : std::as_const(m_items))
        item->setToolTip(narrow ? item->text() : QString());
    setFixedWidth(narrow ? narrowWidth(fontMetrics()) : wideWidth(fontMetrics()));
    m_list->doItemsLayout();
    emit narrowChanged(narrow);
}

} // namespace gatehouse::ui
