import { isCanonicalBase64 } from '../layers-of-base64.ts'

/** The length of AES-256-GCM's tag, at the end of the value. */
export const tagLength = 16

/** True if an RSA key has so many bytes: 2048 to 16384 bits, which is where OpenSSL ends. */
export const isKeySize = (bytes: number): boolean =>
  bytes >= 256 && bytes <= 2048 && bytes % 128 === 0

/** The parts of a sealed value; `plainLength` is known to everybody, as GCM hides no length. */
export type SealedParts = Readonly<{ wrapped: Buffer; body: Buffer; plainLength: number }>

/**
 * Takes a sealed value apart: two bytes with the length of the RSA part, that part, the ciphertext with its
 * tag (sealed-secrets pkg/crypto/crypto.go:32-73). Null when it is too short or no canonical base64.
 */
export const splitSealed = (sealed: string): SealedParts | null => {
  if (!isCanonicalBase64(sealed)) return null
  const bytes = Buffer.from(sealed, 'base64')
  const rsaLength = bytes.length < 2 ? 0 : bytes.readUInt16BE(0)
  const body = bytes.subarray(2 + rsaLength)
  if (rsaLength === 0 || body.length < tagLength) return null
  return {
    wrapped: bytes.subarray(2, 2 + rsaLength),
    body,
    plainLength: body.length - tagLength,
  }
}
