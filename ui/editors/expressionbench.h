// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything an expression is built and tested with, side by side: the editor with its live result, and the sample data
// or the documentation. The dialog and the page are frames around it. GUI thread; owns its source of samples.
#pragma once

#include "app/expressions/attributecompletion.h"
#include "app/expressions/samplesource.h"
#include "ui/editors/expressionedit.h"

#include <QWidget>

#include <memory>
#include <optional>

class QLabel;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace gatehouse::ui {

class ReferencePanel;
class ResultView;
class SamplePanel;

class ExpressionBench : public QWidget {
    Q_OBJECT
public:
    explicit ExpressionBench(QWidget *parent = nullptr);

    /// What the value is for; @p target may be an attribute that the catalogue does not know (of a directory), or empty.
    void setTarget(std::shared_ptr<const core::AttributeCatalog> catalog, const QString &target);
    /// Entries of @p gateway's directory, as a rule's or as a sign-on's expression reads them.
    void useDirectory(const core::Gateway &gateway, const provision::Scope &scope,
                      app::ExpressionNames reading = app::ExpressionNames::Directory);
    /// Users of the identity directory; @p console outlives the bench.
    void useUsers(app::Console &console);
    /// No source: data by hand, and @p why.
    void useNothing(const QString &why, app::ExpressionNames reading = app::ExpressionNames::Users);

    ExpressionEdit *edit() const { return m_edit; }
    SamplePanel *sample() const { return m_sample; }
    /// Why the expression as it stands cannot be used, checked at once; nothing is evaluated.
    QList<core::expr::Fault> faults() const;
    void showDocumentation(const QString &function = {});
    /// What Test Expression does.
    void test();

signals:
    void expressionChanged();
    /// The directory of useDirectory() answered, or failed.
    void directoryUsed(const gatehouse::core::Gateway &gateway, const std::optional<gatehouse::core::Error> &error);

private:
    void setSource(std::unique_ptr<app::SampleSource> source, const QString &place, const QString &without);
    void setAttributes(QList<app::CompletionItem> items, bool complete);
    /// The attributes as the expression writes them.
    QList<app::CompletionItem> itemsOf(const QList<app::CompletionItem> &attributes) const;
    void refreshQuestion();
    void onAnswer(const app::ExpressionAnswer &answer);

    QLabel *m_target;
    QLabel *m_rules;
    ExpressionEdit *m_edit;
    ResultView *m_result;
    SamplePanel *m_sample;
    ReferencePanel *m_reference;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    QTimer m_waiting; ///< the answer takes longer than a moment
    std::shared_ptr<const core::AttributeCatalog> m_catalog;
    QString m_targetName;
    app::ExpressionNames m_reading = app::ExpressionNames::Directory;
    QList<app::CompletionItem> m_attributes;
    bool m_complete = false; ///< the attributes are all that exist: others are warned of
};

} // namespace gatehouse::ui
