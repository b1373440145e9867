// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/program.h"

#include "core/expr/context.h"
#include "core/expr/evaluation.h"
#include "core/expr/regex.h"

#include <optional>

namespace gatehouse::core::expr {

namespace {

/// Constants that are worth keeping instead of being made anew: small ones.
constexpr qint64 kMaxFoldedText = 1'000;
constexpr qint64 kMaxFoldedItems = 1'000;

Kind elementKind(QStringView type)
{
    static constexpr std::pair<QStringView, Kind> kKinds[] = {
        {u"byte", Kind::Byte},   {u"short", Kind::Short},   {u"int", Kind::Int},   {u"long", Kind::Long},
        {u"float", Kind::Float}, {u"double", Kind::Double}, {u"char", Kind::Char}, {u"boolean", Kind::Boolean},
    };
    for (const auto &[name, kind] : kKinds) {
        if (type == name)
            return kind;
    }
    return Kind::Int;
}

class Compiler {
public:
    explicit Compiler(QList<Fault> &faults) : m_faults(faults) {}

    Program run(const Node &tree)
    {
        put(tree);
        return std::move(m_program);
    }

private:
    quint32 add(Instruction instruction, const Node &node, const std::vector<quint32> &operands = {})
    {
        instruction.count = quint16(operands.size());
        instruction.first = quint32(m_program.operands.size());
        instruction.offset = node.offset;
        instruction.length = node.length;
        m_program.operands.insert(m_program.operands.end(), operands.begin(), operands.end());
        m_program.instructions.push_back(instruction);
        return quint32(m_program.instructions.size() - 1);
    }

    quint32 constant(Value value, const Node &node)
    {
        m_program.constants.push_back(std::move(value));
        return add({.op = Op::Constant, .payload = quint32(m_program.constants.size() - 1)}, node);
    }

    static quint32 numbered(QStringList &names, const QString &name)
    {
        qsizetype index = names.indexOf(name);
        if (index < 0) {
            index = names.size();
            names.append(name);
        }
        return quint32(index);
    }

    std::vector<quint32> putChildren(const Node &node)
    {
        std::vector<quint32> result;
        for (const NodePointer &child : node.children)
            result.push_back(put(*child));
        return result;
    }

    bool isConstant(quint32 index) const { return m_program.instructions[index].op == Op::Constant; }

    /// Replaces an instruction over constants by its value; one that fails is left to fail when it is reached.
    quint32 folded(quint32 index)
    {
        const Instruction &instruction = m_program.instructions[index];
        for (int operand = 0; operand < instruction.count; ++operand) {
            if (m_program.operand(instruction, operand).op != Op::Constant)
                return index;
        }
        const JsonContext nothing;
        Evaluation evaluation(m_program, nothing);
        Value value;
        if (!evaluation.run(instruction, value))
            return index;
        const bool small = value.isString() ? value.string().size() <= kMaxFoldedText
            : value.isSequence()            ? qint64(value.items().size()) <= kMaxFoldedItems
                                            : true;
        if (!small)
            return index;
        m_program.constants.push_back(std::move(value));
        Instruction &changed = m_program.instructions[index];
        changed.op = Op::Constant;
        changed.payload = quint32(m_program.constants.size() - 1);
        changed.count = 0;
        return index;
    }

    quint32 rootName(const QString &name, const Node &node)
    {
        return add({.op = Op::RootName, .payload = numbered(m_program.rootNames, name)}, node);
    }

    void refer(const QString &path)
    {
        if (!m_program.references.contains(path))
            m_program.references.append(path);
    }

    quint32 put(const Node &node)
    {
        switch (node.kind) {
        case NodeKind::Literal:
            return constant(node.value, node);
        case NodeKind::List:
            return folded(add({.op = Op::List}, node, putChildren(node)));
        case NodeKind::Map:
            return folded(add({.op = Op::Map}, node, putChildren(node)));
        case NodeKind::NewArray:
            return newArray(node);
        case NodeKind::Name:
            if (m_scope > 0)
                return add({.op = Op::ElementName, .payload = numbered(m_program.names, node.text)}, node);
            refer(node.text);
            return rootName(node.text, node);
        case NodeKind::Root:
            m_program.readsWholeRoot = true;
            return add({.op = Op::Root}, node);
        case NodeKind::This:
            m_program.readsWholeRoot = m_program.readsWholeRoot || m_scope == 0;
            return add({.op = m_scope == 0 ? Op::Root : Op::This}, node);
        case NodeKind::Call:
            return call(node);
        case NodeKind::Path:
            return path(node);
        case NodeKind::Binary:
            return binary(node);
        case NodeKind::Prefix: {
            m_program.operators.push_back(node.operators.front());
            const auto payload = quint32(m_program.operators.size() - 1);
            return folded(add({.op = Op::Prefix, .payload = payload}, node, putChildren(node)));
        }
        case NodeKind::Ternary:
            return add({.op = Op::Ternary}, node, putChildren(node));
        case NodeKind::Elvis:
            return add({.op = Op::Elvis}, node, putChildren(node));
        default:
            return constant(Value(), node); // an Error node has its fault and is never evaluated
        }
    }

    quint32 newArray(const Node &node)
    {
        const auto kind = quint32(elementKind(node.text));
        if (!node.hasInitializer)
            return add({.op = Op::NewArray, .payload = kind}, node, putChildren(node));
        std::vector<quint32> operands;
        const bool sized = node.children.size() > 1;
        if (sized)
            operands.push_back(put(*node.children.front()));
        for (const NodePointer &item : node.children.back()->children)
            operands.push_back(put(*item));
        return folded(add({.op = Op::ArrayOf, .sized = sized, .payload = kind}, node, operands));
    }

    quint32 binary(const Node &node)
    {
        const auto payload = quint32(m_program.operators.size());
        m_program.operators.insert(m_program.operators.end(), node.operators.begin(), node.operators.end());
        const Operator first = node.operators.front().op;
        const Op op = first == Operator::And ? Op::And : first == Operator::Or ? Op::Or : Op::Binary;
        // Children add their own operators behind these.
        const quint32 index = add({.op = op, .payload = payload}, node, putChildren(node));
        if (first == Operator::Matches)
            prepareMatch(m_program.instructions[index]);
        return folded(index);
    }

    void prepareMatch(const Instruction &match)
    {
        Instruction &pattern = m_program.instructions[m_program.operands[match.first + 1]];
        if (pattern.op != Op::Constant || !m_program.constants[pattern.payload].isString())
            return;
        auto regex = Regex::compile(m_program.constants[pattern.payload].string());
        if (!regex) {
            m_faults.append({regex.error().message, pattern.offset, pattern.length});
            return;
        }
        m_program.regexes.push_back(std::move(*regex));
        pattern.regex = quint32(m_program.regexes.size());
    }

    quint32 call(const Node &node)
    {
        const std::vector<quint32> operands = putChildren(node);
        CallSite site{node.function, nullptr};
        if (node.function->prepare) {
            std::vector<const Value *> constants;
            for (const quint32 operand : operands) {
                const Instruction &argument = m_program.instructions[operand];
                constants.push_back(isConstant(operand) ? &m_program.constants[argument.payload] : nullptr);
            }
            std::vector<std::pair<int, QString>> problems;
            site.prepared = node.function->prepare(constants, problems);
            for (auto &[argument, message] : problems) {
                const Node &place = *node.children[size_t(argument)];
                m_faults.append({std::move(message), place.offset, place.length});
            }
        }
        m_program.calls.push_back(std::move(site));
        return add({.op = Op::Call, .payload = quint32(m_program.calls.size() - 1)}, node, operands);
    }

    /// The name a step takes from what it follows, when that is known now.
    static std::optional<QString> namedStep(const Node &step)
    {
        if (step.kind == NodeKind::Property)
            return step.text;
        if (step.kind == NodeKind::Index) {
            const Node &index = *step.children.front();
            if (index.kind == NodeKind::Name)
                return index.text;
            if (index.kind == NodeKind::Literal && index.value.isString())
                return index.value.string();
        }
        return std::nullopt;
    }

    /// The reference with the names that follow it, as far as they are known now.
    static QString followed(QString reference, const Node &path, size_t next)
    {
        for (size_t index = next; index < path.children.size(); ++index) {
            const Node &step = *path.children[index];
            const bool isKey = step.kind == NodeKind::Index && step.children.front()->kind == NodeKind::Literal
                && step.children.front()->value.isString();
            if (step.kind != NodeKind::Property && !isKey)
                break;
            reference += u'.' + *namedStep(step);
        }
        return reference;
    }

    quint32 path(const Node &node)
    {
        const Node &start = *node.children.front();
        const bool isRoot = start.kind == NodeKind::Root || (start.kind == NodeKind::This && m_scope == 0);
        std::vector<quint32> operands;
        size_t next = 1;
        QString reference;
        if (const std::optional<QString> name = isRoot ? namedStep(*node.children[1]) : std::nullopt) {
            operands.push_back(rootName(*name, start));
            m_program.instructions.back().length = node.children[1]->end() - start.offset;
            reference = *name;
            next = 2;
        } else if (start.kind == NodeKind::Name && m_scope == 0) {
            operands.push_back(rootName(start.text, start));
            reference = start.text;
        } else {
            operands.push_back(put(start));
        }
        if (!reference.isEmpty())
            refer(followed(reference, node, next));
        for (size_t index = next; index < node.children.size(); ++index)
            operands.push_back(putStep(*node.children[index]));
        if (operands.size() == 1)
            return operands.front();
        return add({.op = Op::Path}, node, operands);
    }

    quint32 putStep(const Node &step)
    {
        switch (step.kind) {
        case NodeKind::Property:
            return add({.op = Op::Property, .payload = numbered(m_program.names, step.text)}, step);
        case NodeKind::Index: {
            const Node &index = *step.children.front();
            const quint32 operand = put(index);
            if (index.kind == NodeKind::Name)
                return add({.op = Op::NamedIndex, .payload = numbered(m_program.names, index.text)}, step, {operand});
            return add({.op = Op::Index}, step, {operand});
        }
        default: {
            ++m_scope;
            const quint32 operand = put(*step.children.front());
            --m_scope;
            const Op op = step.kind == NodeKind::Project ? Op::Project
                : step.kind == NodeKind::Select          ? Op::Select
                : step.kind == NodeKind::SelectFirst     ? Op::SelectFirst
                                                         : Op::SelectLast;
            return add({.op = op}, step, {operand});
        }
        }
    }

    QList<Fault> &m_faults;
    Program m_program;
    int m_scope = 0;
};

} // namespace

Program compile(const Node &tree, QList<Fault> &faults)
{
    return Compiler(faults).run(tree);
}

} // namespace gatehouse::core::expr
