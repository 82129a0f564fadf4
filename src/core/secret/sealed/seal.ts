import { constants, createCipheriv, publicEncrypt, randomBytes, type KeyObject } from 'node:crypto'
import { labelOf, type SealTarget } from './scope.ts'

/**
 * Seals bytes for a target, in the controller's own format: length, RSA-OAEP(SHA-256) of a session key with
 * the target as label, AES-256-GCM of the bytes with a zero nonce (crypto.go:32-73; the key is used once).
 * Returns standard base64, as it stands in `spec.encryptedData`. The caller wipes `plain`.
 */
export const seal = (plain: Uint8Array, target: SealTarget, publicKey: KeyObject): string => {
  const sessionKey = randomBytes(32)
  try {
    const wrapped = publicEncrypt(
      {
        key: publicKey,
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: 'sha256',
        oaepLabel: labelOf(target),
      },
      sessionKey,
    )
    const cipher = createCipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12))
    const length = Buffer.alloc(2)
    length.writeUInt16BE(wrapped.length)
    return Buffer.concat([
      length,
      wrapped,
      cipher.update(plain),
      cipher.final(),
      cipher.getAuthTag(),
    ]).toString('base64')
  } finally {
    sessionKey.fill(0)
  }
}
