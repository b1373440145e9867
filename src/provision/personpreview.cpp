// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/personpreview.h"

#include "store/environment.h"

#include <QElapsedTimer>
#include <QThread>

#include <atomic>

namespace gatehouse::provision {

/// Lives in the preview's thread.
class PersonPreview::Worker : public QObject {
public:
    Worker(QString environmentPath, PersonPreview *face) : m_environmentPath(std::move(environmentPath)), m_face(face) {}

    std::atomic<quint64> newestEdit{0};

    void evaluate(quint64 edit, const PersonJudgement &judgement)
    {
        if (edit != newestEdit)
            return;
        auto outcome = judge(judgement);
        if (!outcome) {
            QMetaObject::invokeMethod(m_face, [face = m_face, edit, error = outcome.error()] { emit face->failed(edit, error); },
                                      Qt::QueuedConnection);
            return;
        }
        outcome->edit = edit;
        QMetaObject::invokeMethod(m_face, [face = m_face, outcome = *outcome] { emit face->evaluated(outcome); },
                                  Qt::QueuedConnection);
    }

private:
    core::Result<PersonOutcome> judge(const PersonJudgement &judgement)
    {
        if (!m_environment) {
            auto opened = store::Environment::open(m_environmentPath, store::Environment::Access::ReadOnly);
            if (!opened)
                return core::fail(opened.error());
            m_environment = *std::move(opened);
        }
        QElapsedTimer timer;
        timer.start();
        auto outcome = judgement(*m_environment);
        if (outcome)
            outcome->nanoseconds = timer.nsecsElapsed();
        return outcome;
    }

    QString m_environmentPath;
    PersonPreview *m_face;
    std::unique_ptr<store::Environment> m_environment;
};

struct PersonPreview::Private {
    std::unique_ptr<QThread> thread;
    Worker *worker = nullptr;
    quint64 lastEdit = 0;
};

PersonPreview::PersonPreview(const QString &environmentPath, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->thread = std::make_unique<QThread>();
    d->thread->setObjectName(QStringLiteral("person preview"));
    d->worker = new Worker(environmentPath, this);
    d->worker->moveToThread(d->thread.get());
    // Ends in its own thread, where its database connection belongs.
    connect(d->thread.get(), &QThread::finished, d->worker, &QObject::deleteLater);
    d->thread->start();
}

PersonPreview::~PersonPreview()
{
    d->worker->newestEdit = 0;
    d->thread->quit();
    d->thread->wait();
}

quint64 PersonPreview::evaluate(PersonJudgement judgement)
{
    const quint64 edit = ++d->lastEdit;
    d->worker->newestEdit = edit;
    QMetaObject::invokeMethod(d->worker, [worker = d->worker, edit, judgement = std::move(judgement)] { worker->evaluate(edit, judgement); },
                              Qt::QueuedConnection);
    return edit;
}

} // namespace gatehouse::provision
