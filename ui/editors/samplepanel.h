// SPDX-License-Identifier: GPL-3.0-or-later
//
// The data that an expression is tried with: a search for a real person where there is a source, and the data itself, to
// be edited as values or as JSON. What the source cannot give (no gateway, directory unreachable) is said in place, and
// editing by hand stays possible. GUI thread; writes to no directory.
#pragma once

#include "app/expressions/sampledata.h"
#include "app/expressions/samplesource.h"

#include <QStandardItemModel>
#include <QWidget>

#include <memory>

class QLabel;
class QListView;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace gatehouse::ui {

class ElidedLabel;
class ErrorPanel;
class Note;
class SearchBox;
class TableView;

class SamplePanel : public QWidget {
    Q_OBJECT
public:
    explicit SamplePanel(QWidget *parent = nullptr);
    ~SamplePanel() override;

    /// @p place as in "Search people in PLACE". Null: there is none, and @p without says why.
    void setSource(std::unique_ptr<app::SampleSource> source, const QString &place, const QString &without = {});
    /// What names in the data mean, where there is no source to tell.
    void setReading(app::ExpressionNames reading);
    const app::SampleSource *source() const { return m_source.get(); }
    /// Takes this entry or user of the source as the sample.
    void showSample(const QByteArray &id);
    app::SampleData &data() { return m_data; }
    const QString &title() const { return m_titleText; }
    void editAsJson(bool json);
    bool isJson() const;

signals:
    void schemaLoaded(const gatehouse::core::Schema &schema);

private:
    void onFound(quint64 request, const QList<app::SampleChoice> &choices);
    void onRead(quint64 request, const QString &title, const core::expr::Value &root);
    void onFailed(quint64 request, const core::Error &error);
    void search(const QString &text);
    void choose(const QModelIndex &index);
    void showChoices(bool shown);
    void setTitle(const QString &title);
    void takeJson();
    void addValue();
    void removeValue();
    void retry();
    bool eventFilter(QObject *watched, QEvent *event) override;

    app::SampleData m_data;
    std::unique_ptr<app::SampleSource> m_source;
    QString m_titleText;
    ElidedLabel *m_title;
    QPushButton *m_toggle;
    SearchBox *m_search;
    QListView *m_choices;
    QStandardItemModel m_found;
    ErrorPanel *m_error;
    Note *m_note;
    QStackedWidget *m_stack;
    TableView *m_table;
    QPlainTextEdit *m_json;
    QLabel *m_jsonFault;
    QPushButton *m_remove;
    QByteArray m_wanted;       ///< the sample that was asked for last
    quint64 m_searching = 0;
    quint64 m_reading = 0;
    bool m_takeFirst = false;  ///< the first one found becomes the sample
    bool m_writingJson = false;
    bool m_readingJson = false;
};

} // namespace gatehouse::ui
