#include "base/ed25519.h"

#include <memory>

#include <openssl/evp.h>

#include "base/require.h"

namespace partake {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

Key key_of(const SecretSeed& seed) {
  Key key{EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size())};
  PARTAKE_REQUIRE(key);
  return key;
}

const unsigned char* bytes_of(std::string_view message) {
  return reinterpret_cast<const unsigned char*>(message.data());
}

}  // namespace

PublicKey public_key_of(const SecretSeed& seed) {
  const auto key = key_of(seed);
  PublicKey result{};
  std::size_t size = result.size();
  PARTAKE_REQUIRE(EVP_PKEY_get_raw_public_key(key.get(), result.data(), &size) == 1);
  return result;
}

Signature sign(const SecretSeed& seed, std::string_view message) {
  const auto key = key_of(seed);
  const Context context{EVP_MD_CTX_new()};
  PARTAKE_REQUIRE(context);
  PARTAKE_REQUIRE(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  Signature result{};
  std::size_t size = result.size();
  PARTAKE_REQUIRE(
      EVP_DigestSign(context.get(), result.data(), &size, bytes_of(message), message.size()) == 1);
  return result;
}

bool verify(const PublicKey& key, std::string_view message, const Signature& signature) {
  const Key public_key{
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size())};
  const Context context{EVP_MD_CTX_new()};
  if (!public_key || !context) return false;
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) != 1) {
    return false;
  }
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes_of(message),
                          message.size()) == 1;
}

}  // namespace partake
