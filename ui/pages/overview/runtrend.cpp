// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/runtrend.h"

#include "app/runs/runhistory.h"
#include "app/text.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/flowlayout.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>

namespace gatehouse::ui {

using app::Text;

namespace {

constexpr int kPlotHeight = 96;
constexpr int kSignSide = 12;
constexpr int kSlotMost = 40;
constexpr int kSlotLeast = 14;
constexpr qreal kPartLeast = 3; ///< a part is seen, however small beside the others

enum class Part { Created, Updated, Removed, Failed };
constexpr std::array kParts{Part::Created, Part::Updated, Part::Removed, Part::Failed};

qint64 amount(const store::Run &run, Part part)
{
    if (app::wasOnlyPlanned(run))
        return 0;
    const core::Counts &counts = run.counts.users;
    switch (part) {
    case Part::Created:
        return counts.create;
    case Part::Updated:
        return counts.update + counts.enable;
    case Part::Removed:
        return counts.disable + counts.remove;
    case Part::Failed:
        return counts.failed;
    }
    return 0;
}

qint64 total(const store::Run &run)
{
    qint64 sum = 0;
    for (const Part part : kParts)
        sum += amount(run, part);
    return sum;
}

/// By the square root: a first run creates everybody, and the small ones after it are still to be seen.
qreal barHeight(qint64 sum, qint64 most, int height)
{
    return std::sqrt(qreal(sum) / qreal(most)) * (height - qreal(kParts.size()) * kPartLeast);
}

/// Parts are told apart by their pattern too.
void fillPart(QPainter &painter, const QRectF &rect, Part part)
{
    const Colors &c = colors();
    const QColor color = part == Part::Created   ? c.good
                         : part == Part::Updated ? c.accent
                         : part == Part::Removed ? c.bad
                                                 : c.warning;
    if (part == Part::Created || part == Part::Updated) {
        painter.fillRect(rect, color);
        return;
    }
    QColor ground = color;
    ground.setAlphaF(0.35f);
    painter.fillRect(rect, ground);
    painter.fillRect(rect, QBrush(color, part == Part::Removed ? Qt::Dense4Pattern : Qt::BDiagPattern));
    painter.setPen(QPen(color, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
}

/// A square of one part with its word.
class Swatch : public QWidget {
public:
    Swatch(Part part, const QString &text, QWidget *parent) : QWidget(parent), m_part(part), m_text(text)
    {
        setFont(scaledFont(font(), 0.93));
        setAccessibleName(text);
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    }
    QSize sizeHint() const override
    {
        return {side() + 6 + fontMetrics().horizontalAdvance(m_text), fontMetrics().height()};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const QRect square(0, (height() - side()) / 2, side(), side());
        fillPart(painter, QStyle::visualRect(layoutDirection(), rect(), square), m_part);
        painter.setPen(colors().muted);
        painter.drawText(QStyle::visualRect(layoutDirection(), rect(), rect().adjusted(side() + 6, 0, 0, 0)),
                         Qt::AlignVCenter | Qt::AlignLeading, m_text);
    }

private:
    int side() const { return fontMetrics().ascent() - 1; }
    Part m_part;
    QString m_text;
};

} // namespace

TrendLegend::TrendLegend(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("What the parts of the bars mean"));
    auto *flow = new FlowLayout(this, 16);
    flow->addWidget(new Swatch(Part::Created, tr("Created"), this));
    flow->addWidget(new Swatch(Part::Updated, tr("Updated"), this));
    flow->addWidget(new Swatch(Part::Removed, tr("Disabled or deleted"), this));
    flow->addWidget(new Swatch(Part::Failed, tr("Failed"), this));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

RunTrend::RunTrend(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("runTrend"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setRuns({});
}

void RunTrend::setRuns(const QList<store::Run> &runs)
{
    m_runs = runs.first(std::min<qsizetype>(runs.size(), kMostBars));
    m_current = std::min(m_current, barCount() - 1);
    m_hovered = -1;
    setAccessibleName(m_runs.isEmpty() ? tr("No runs yet")
                                       : tr("The last runs. Newest: %1").arg(words(m_runs.first())));
    setAccessibleDescription(tr("Arrow keys go from run to run, Return opens one."));
    update();
}

QSize RunTrend::sizeHint() const
{
    return {320, minimumSizeHint().height()};
}

QSize RunTrend::minimumSizeHint() const
{
    return {160, kPlotHeight + fontMetrics().height() + kSignSide + 10};
}

QRect RunTrend::plot() const
{
    const int top = fontMetrics().height() + 2;
    return {0, top, width(), kPlotHeight};
}

int RunTrend::barCount() const
{
    return std::clamp(int(m_runs.size()), 0, std::max(1, width() / kSlotLeast));
}

QRect RunTrend::slot(int bar) const
{
    const int bars = std::max(1, barCount());
    const int breadth = std::min(kSlotMost, width() / bars);
    const QRect area = plot();
    return QStyle::visualRect(layoutDirection(), rect(),
                              QRect(bar * breadth, area.top(), breadth, area.height() + kSignSide + 6));
}

int RunTrend::barAt(const QPoint &at) const
{
    for (int bar = 0; bar < barCount(); ++bar) {
        if (slot(bar).contains(at))
            return bar;
    }
    return -1;
}

const store::Run &RunTrend::runOf(int bar) const
{
    return m_runs.at(barCount() - 1 - bar);
}

QString RunTrend::words(const store::Run &run) const
{
    return QStringLiteral("%1, %2: %3, %4")
        .arg(run.rule, Text::fullTime(run.startedAt), Text::status(run.status), app::runSummary(run));
}

void RunTrend::paintBar(QPainter &painter, int bar, qint64 most) const
{
    const store::Run &run = runOf(bar);
    const QRect place = slot(bar);
    const QRect area = plot();
    const int breadth = std::max(6, place.width() - 6);
    const qint64 sum = total(run);
    const qreal scale = sum > 0 ? barHeight(sum, most, area.height()) / qreal(sum) : 0;
    qreal bottom = area.bottom();
    for (const Part part : kParts) {
        const qint64 count = amount(run, part);
        if (count == 0)
            continue;
        const qreal height = std::round(std::max(kPartLeast, qreal(count) * scale));
        fillPart(painter, QRectF(place.left() + (place.width() - breadth) / 2, bottom - height, breadth, height), part);
        bottom -= height;
    }
    const Tone tone = Text::tone(run.status);
    if (tone != Tone::Good) {
        paintIcon(painter, QRectF(place.center().x() - kSignSide / 2 + 1, area.bottom() + 5, kSignSide, kSignSide),
                  toneIcon(tone), colors().foreground(tone));
    }
}

void RunTrend::paintEvent(QPaintEvent *)
{
    const Colors &c = colors();
    QPainter painter(this);
    const QRect area = plot();
    qint64 most = 0;
    for (int bar = 0; bar < barCount(); ++bar)
        most = std::max(most, total(runOf(bar)));

    painter.setFont(scaledFont(font(), 0.86));
    painter.setPen(c.muted);
    painter.drawText(QRect(0, 0, width(), area.top() - 2), Qt::AlignLeading | Qt::AlignVCenter,
                     most == 0   ? tr("Nothing changed in these runs")
                     : most == 1 ? tr("1 object")
                                 : tr("%1 objects").arg(Text::number(most)));
    painter.setPen(QPen(c.line, 1, Qt::DotLine));
    painter.drawLine(area.left(), area.top(), area.right(), area.top());
    painter.setPen(QPen(c.line, 1));
    painter.drawLine(area.left(), area.bottom() + 1, area.right(), area.bottom() + 1);

    for (int bar = 0; bar < barCount(); ++bar) {
        const bool focused = hasFocus() && bar == m_current;
        if (bar == m_hovered || focused) {
            painter.save();
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(focused ? QPen(c.accent, 2) : QPen(Qt::NoPen));
            painter.setBrush(c.neutralGround);
            painter.drawRoundedRect(QRectF(slot(bar)).adjusted(1, 1, -1, -1), 4, 4);
            painter.restore();
        }
        paintBar(painter, bar, most);
    }
}

void RunTrend::setCurrent(int bar)
{
    if (barCount() == 0)
        return;
    m_current = std::clamp(bar, 0, barCount() - 1);
    setAccessibleName(words(runOf(m_current)));
    QToolTip::showText(mapToGlobal(slot(m_current).bottomLeft()), words(runOf(m_current)), this);
    update();
}

void RunTrend::mouseMoveEvent(QMouseEvent *event)
{
    const int bar = barAt(event->pos());
    if (bar != m_hovered) {
        m_hovered = bar;
        setCursor(bar < 0 ? Qt::ArrowCursor : Qt::PointingHandCursor);
        update();
    }
}

void RunTrend::mousePressEvent(QMouseEvent *event)
{
    if (const int bar = barAt(event->pos()); bar >= 0 && event->button() == Qt::LeftButton)
        emit opened(runOf(bar).row);
}

void RunTrend::leaveEvent(QEvent *event)
{
    m_hovered = -1;
    update();
    QWidget::leaveEvent(event);
}

void RunTrend::keyPressEvent(QKeyEvent *event)
{
    const int onward = layoutDirection() == Qt::RightToLeft ? -1 : 1;
    switch (event->key()) {
    case Qt::Key_Left:
        setCurrent(m_current - onward);
        return;
    case Qt::Key_Right:
        setCurrent(m_current + onward);
        return;
    case Qt::Key_Home:
        setCurrent(0);
        return;
    case Qt::Key_End:
        setCurrent(barCount() - 1);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_current >= 0 && m_current < barCount())
            emit opened(runOf(m_current).row);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void RunTrend::focusInEvent(QFocusEvent *event)
{
    if (m_current < 0)
        m_current = barCount() - 1;
    update();
    QWidget::focusInEvent(event);
}

bool RunTrend::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int bar = barAt(help->pos());
        QToolTip::showText(help->globalPos(), bar < 0 ? QString() : words(runOf(bar)), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace gatehouse::ui
