// SPDX-License-Identifier: GPL-3.0-or-later
//
// "Build and Test Expression": the expression being written, what it gives for a sample, the sample's data, and the
// language's documentation. Opened with open() and never waited for: accepted() when Save was pressed, and only for an
// expression without a fault; rejected() otherwise, after asking about what is not saved. The opener owns it. GUI
// thread; directories are read in threads of their own.
#pragma once

#include "core/config/gateway.h"
#include "core/identity.h"
#include "provision/scope.h"

#include <QDialog>

#include <memory>
#include <optional>

class QLabel;

namespace gatehouse::app {
class Console;
}

namespace gatehouse::ui {

class ExpressionBench;

/// What the expression is for, and where real entries come from.
struct ExpressionSubject {
    QString target;      ///< an attribute of @p catalog, or of a directory; empty: none
    std::shared_ptr<const core::AttributeCatalog> catalog;
    std::optional<core::Gateway> gateway; ///< inbound: entries are read from here; none: data by hand only
    provision::Scope scope;
    bool isSignOn = false; ///< a user type's row: it reads ldapAttributes.…
    /// Outbound: the expression reads `user.…`, samples are users of this console's environment. It outlives the dialog.
    app::Console *users = nullptr;
};

class ExpressionDialog : public QDialog {
    Q_OBJECT
public:
    ExpressionDialog(ExpressionSubject subject, const QString &expression, QWidget *parent);

    QString expression() const;
    /// Takes this entry as the sample.
    void showEntry(const QByteArray &dn);

    void reject() override;

private:
    void save();

    ExpressionBench *m_bench;
    QLabel *m_refusal; ///< why Save was refused
    QString m_saved;   ///< the expression as it came
    bool m_asking = false;
};

} // namespace gatehouse::ui
