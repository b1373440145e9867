// SPDX-License-Identifier: GPL-3.0-or-later
//
// Forms: one column, label above the field, help under it, the error under that in words. A field is checked when it
// is left and on save, never by a message box. Form knows whether something has changed since it was loaded.
#pragma once

#include <QList>
#include <QVariant>
#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace gatehouse::ui {

class FormField : public QWidget {
    Q_OBJECT
public:
    /// @p label may carry a mnemonic (&); empty: what the field is for is plain, and the editor has its own name. @p editor is taken over: QLineEdit, QPlainTextEdit, QComboBox, QSpinBox,
    /// QCheckBox, or any widget with a user property.
    FormField(const QString &label, QWidget *editor, QWidget *parent = nullptr);

    QWidget *editor() const { return m_editor; }
    /// Another label for the same value; keeps the required mark.
    void setLabel(const QString &label);
    void setHelp(const QString &help);
    void setRequired(bool required);
    /// Says what is wrong with the value, in words with the remedy; empty when all is well.
    void setCheck(std::function<QString(const QVariant &)> check) { m_check = std::move(check); }

    QVariant value() const;
    QString text() const { return value().toString(); }
    void setValue(const QVariant &value);

    /// Checks now and shows the outcome.
    bool validate();
    /// An error from elsewhere (the store refused it); it goes when the value is changed.
    void setError(const QString &error);
    QString error() const;

    bool isChanged() const { return value() != m_loaded; }
    void markUnchanged() { m_loaded = value(); }

signals:
    void edited();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void onEdited();

    QLabel *m_label;
    QWidget *m_editor;
    QLabel *m_help;
    QLabel *m_error;
    QString m_words; ///< label without the required mark
    std::function<QString(const QVariant &)> m_check;
    QVariant m_loaded;
    bool m_required = false;
};

class Form : public QWidget {
    Q_OBJECT
public:
    explicit Form(QWidget *parent = nullptr);

    /// Adds a field under @p key.
    FormField *addField(const QString &key, const QString &label, QWidget *editor);
    /// A heading over a group of fields, or any other widget between them.
    void addHeading(const QString &text);
    void addWidget(QWidget *widget);

    FormField *field(const QString &key) const;
    QStringList keys() const;
    /// Checks every field and goes to the first that is wrong.
    bool validate();
    /// Goes to the first field and scrolls the form into sight.
    void focusFirst();
    void goToField(FormField &field);
    bool isChanged() const { return changedCount() > 0; }
    int changedCount() const;
    /// What the fields hold now counts as saved.
    void markUnchanged();

signals:
    void edited();

private:
    QVBoxLayout *m_layout;
    QList<std::pair<QString, FormField *>> m_fields;
};

/// The bar under a form: what is unsaved on the left, Cancel and Save on the right.
class SaveBar : public QWidget {
    Q_OBJECT
public:
    explicit SaveBar(QWidget *parent = nullptr);
    void setChangedCount(int count);
    void setSaveText(const QString &text);
    /// While a save is under way nothing can be pressed twice.
    void setBusy(bool busy);

signals:
    void saveClicked();
    void cancelClicked();

private:
    QLabel *m_text;
    QPushButton *m_save;
    QPushButton *m_cancel;
};

} // namespace gatehouse::ui
