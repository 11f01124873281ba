#pragma once
#include <secp256k1.h>
#include <secp256k1_recovery.h>
// Macros of computed values, which Swift does not import.
static const unsigned int secp256k1_context_none = SECP256K1_CONTEXT_NONE;
static const unsigned int secp256k1_ec_uncompressed = SECP256K1_EC_UNCOMPRESSED;
