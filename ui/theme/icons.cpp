// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include "ui/theme/theme.h"

#include <QFile>
#include <QGuiApplication>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <cmath>

// Resources of a static library are only linked in when somebody asks for them; must be outside any namespace.
static void linkResources()
{
    Q_INIT_RESOURCE(resources);
}

namespace gatehouse::ui {

namespace {

const QByteArray &source(const QString &name)
{
    static QHash<QString, QByteArray> read;
    auto found = read.find(name);
    if (found == read.end()) {
        linkResources();
        QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
        found = read.insert(name, file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray());
    }
    return *found;
}

QPixmap pixmapOf(const QString &name, const QSize &size, qreal ratio, const QColor &color)
{
    const QString key = QStringLiteral("gatehouse/%1/%2x%3@%4/%5")
                            .arg(name)
                            .arg(size.width())
                            .arg(size.height())
                            .arg(ratio)
                            .arg(color.rgba(), 0, 16);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(size * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QByteArray svg = source(name);
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(QPointF(0, 0), size));
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

class LineIconEngine : public QIconEngine {
public:
    explicit LineIconEngine(QString name) : m_name(std::move(name)) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        paintIcon(*painter, rect, m_name, color(mode, state));
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return pixmapOf(m_name, size, 1, color(mode, state));
    }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal scale) override
    {
        // The size is in device pixels; drawn at that size, the scale is already in it.
        Q_UNUSED(scale)
        return pixmapOf(m_name, size, 1, color(mode, state));
    }
    QIconEngine *clone() const override { return new LineIconEngine(m_name); }
    QString iconName() override { return m_name; }
    bool isNull() override { return source(m_name).isEmpty(); }

private:
    static QColor color(QIcon::Mode mode, QIcon::State state)
    {
        if (mode == QIcon::Disabled)
            return colors().muted;
        return mode == QIcon::Selected || state == QIcon::On ? colors().accent : colors().text;
    }
    QString m_name;
};

} // namespace

QIcon icon(const QString &name)
{
    return QIcon(new LineIconEngine(name));
}

QPixmap tintedPixmap(const QString &name, int side, const QColor &color)
{
    return pixmapOf(name, QSize(side, side), qGuiApp->devicePixelRatio(), color);
}

void paintIcon(QPainter &painter, const QRectF &rect, const QString &name, const QColor &color)
{
    const qreal ratio = painter.device() ? painter.device()->devicePixelRatio() : 1;
    const QSize size(int(std::lround(rect.width())), int(std::lround(rect.height())));
    if (size.isEmpty())
        return;
    painter.drawPixmap(rect.topLeft(), pixmapOf(name, size, ratio, color));
}

} // namespace gatehouse::ui
