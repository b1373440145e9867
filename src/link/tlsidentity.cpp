// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/tlsidentity.h"

#include "core/textfile.h"

#include <QFile>
#include <QFileInfo>
#include <QSslCertificate>
#include <QUuid>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::link {

using core::Code;
using core::Result;

namespace {

/// The certificate is known by its fingerprint alone, so its dates protect nobody; RFC 5280 4.1.2.5 has this one for
/// "no end". It begins a day ago, for clocks that are late.
constexpr char kNoEnd[] = "99991231235959Z";
constexpr long kADay = 24 * 60 * 60;

template <auto Free>
struct Freer {
    template <typename T>
    void operator()(T *thing) const { Free(thing); }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using CertificateHandle = std::unique_ptr<X509, Freer<X509_free>>;
using ExtensionHandle = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;
using BioHandle = std::unique_ptr<BIO, Freer<BIO_free_all>>;

tl::unexpected<core::Error> tlsFault()
{
    char text[256] = {};
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    return core::fail(Code::Internal, QStringLiteral("no certificate can be made"), QString::fromLatin1(text));
}

bool addExtension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const ExtensionHandle extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

QByteArray octetsOf(BIO *bio)
{
    char *data = nullptr;
    const long length = BIO_get_mem_data(bio, &data);
    return QByteArray(data, length);
}

/// Key and certificate as one PEM text.
Result<core::Secret> makePem()
{
    const KeyHandle key(EVP_EC_gen("P-256"));
    const CertificateHandle certificate(X509_new());
    unsigned char serial[16];
    if (!key || !certificate || RAND_bytes(serial, sizeof serial) != 1)
        return tlsFault();
    serial[0] &= 0x7f; // positive, RFC 5280 4.1.2.2
    serial[0] |= 0x01;
    const std::unique_ptr<BIGNUM, Freer<BN_free>> number(BN_bin2bn(serial, sizeof serial, nullptr));
    X509 *x = certificate.get();
    X509_NAME *name = X509_get_subject_name(x);
    const auto *commonName = reinterpret_cast<const unsigned char *>("Gatehouse gateway endpoint");
    const bool good = number && X509_set_version(x, X509_VERSION_3) == 1
                      && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x)) != nullptr
                      && X509_gmtime_adj(X509_getm_notBefore(x), -kADay) != nullptr
                      && ASN1_TIME_set_string_X509(X509_getm_notAfter(x), kNoEnd) == 1
                      && X509_set_pubkey(x, key.get()) == 1
                      && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, commonName, -1, -1, 0) == 1
                      && X509_set_issuer_name(x, name) == 1
                      && addExtension(x, NID_basic_constraints, "critical,CA:FALSE")
                      && addExtension(x, NID_key_usage, "critical,digitalSignature")
                      && addExtension(x, NID_ext_key_usage, "serverAuth")
                      && addExtension(x, NID_subject_alt_name, "DNS:gatehouse-endpoint.invalid")
                      && X509_sign(x, key.get(), EVP_sha256()) != 0;
    const BioHandle bio(BIO_new(BIO_s_mem()));
    if (!good || !bio || PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1
        || PEM_write_bio_X509(bio.get(), x) != 1)
        return tlsFault();
    return core::Secret(octetsOf(bio.get()));
}

Result<QByteArray> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return core::fail(Code::NotFound, QStringLiteral("the file cannot be read"), file.errorString(), path);
    return core::textOfFile(file.readAll());
}

/// In a folder with the setgid bit the environment's files are its group's, too.
mode_t modeIn(const QString &folder)
{
    struct stat status = {};
    const bool isShared = ::stat(QFile::encodeName(folder).constData(), &status) == 0 && (status.st_mode & S_ISGID) != 0;
    return isShared ? 0660 : 0600;
}

Result<void> checkPrivate(const QString &path, mode_t allowed = 0600)
{
    struct stat status = {};
    if (::stat(QFile::encodeName(path).constData(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO) & ~allowed) != 0)
        return core::failLocally(Code::Denied, QStringLiteral("the key can be read by others"),
                                 QStringLiteral("chmod %1 '%2'").arg(allowed, 0, 8).arg(path), path);
    return {};
}

Result<TlsIdentity> identityOf(const QByteArray &certificates, const QByteArray &key, const QString &path)
{
    const QList<QSslCertificate> chain = QSslCertificate::fromData(certificates, QSsl::Pem);
    if (chain.isEmpty())
        return core::fail(Code::InvalidInput, QStringLiteral("there is no certificate in the file"), QStringLiteral("PEM is needed"), path);
    const BioHandle bio(BIO_new_mem_buf(key.constData(), int(key.size())));
    const KeyHandle parsed(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char *>("")));
    if (!parsed)
        return core::fail(Code::InvalidInput, QStringLiteral("there is no private key in the file"),
                          QStringLiteral("PEM without a passphrase is needed"), path);
    const QByteArray der = chain.first().toDer();
    const auto *octets = reinterpret_cast<const unsigned char *>(der.constData());
    const CertificateHandle own(d2i_X509(nullptr, &octets, der.size()));
    if (!own || X509_check_private_key(own.get(), parsed.get()) != 1)
        return core::fail(Code::InvalidInput, QStringLiteral("the certificate and the key do not belong together"),
                          QStringLiteral("the endpoint's own certificate must be the file's first"), path);
    return TlsIdentity{certificates, core::Secret(key), chain.first().digest(QCryptographicHash::Sha256)};
}

/// Under its name it is whole or not at all. Of two programs that start together one makes it, the other takes that.
Result<void> keep(const core::Secret &pem, const QString &path, mode_t mode)
{
    const auto failed = [&](const QString &detail) {
        return core::failLocally(Code::Denied, QStringLiteral("the endpoint's certificate cannot be kept"), detail, path);
    };
    QFile file(path + u'.' + QUuid::createUuid().toString(QUuid::Id128) + QStringLiteral(".new"));
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly, QFile::ReadOwner | QFile::WriteOwner))
        return failed(file.errorString());
    const bool isWritten = ::fchmod(file.handle(), mode) == 0 // whatever the umask is
                           && file.write(pem.reveal()) == pem.reveal().size() && file.flush() && ::fsync(file.handle()) == 0;
    const QString fault = file.errorString();
    file.close();
    const QByteArray from = QFile::encodeName(file.fileName());
    const QByteArray to = QFile::encodeName(path);
    int number = 0;
    if (isWritten && ::renameat2(AT_FDCWD, from.constData(), AT_FDCWD, to.constData(), RENAME_NOREPLACE) != 0)
        number = errno;
    // File systems that know no such renaming know links.
    if (number == EINVAL)
        number = ::link(from.constData(), to.constData()) == 0 ? 0 : errno;
    file.remove();
    if (!isWritten || (number != 0 && number != EEXIST))
        return failed(isWritten ? qt_error_string(number) : fault);
    return {};
}

} // namespace

Result<TlsIdentity> readIdentity(const QString &certificateFile, const QString &keyFile)
{
    const auto certificates = contentOf(certificateFile);
    if (!certificates)
        return core::fail(certificates.error());
    if (auto isPrivate = checkPrivate(keyFile); !isPrivate)
        return core::fail(isPrivate.error());
    const auto key = contentOf(keyFile);
    if (!key)
        return core::fail(key.error());
    return identityOf(*certificates, *key, keyFile);
}

Result<TlsIdentity> ownIdentity(const QString &path)
{
    const mode_t mode = modeIn(QFileInfo(path).absolutePath());
    if (!QFileInfo::exists(path)) {
        auto pem = makePem();
        if (!pem)
            return core::fail(pem.error());
        if (auto kept = keep(*pem, path, mode); !kept)
            return core::fail(kept.error());
    }
    if (auto isPrivate = checkPrivate(path, mode); !isPrivate)
        return core::fail(isPrivate.error());
    const auto pem = contentOf(path);
    if (!pem)
        return core::fail(pem.error());
    return identityOf(*pem, *pem, path);
}

} // namespace gatehouse::link
