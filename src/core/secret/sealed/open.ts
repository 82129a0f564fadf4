import { constants, createDecipheriv, privateDecrypt, type KeyObject } from 'node:crypto'
import { RefusedError } from '../../../errors.ts'
import { labelOf, type SealTarget } from './scope.ts'
import { splitSealed, tagLength } from './split-sealed.ts'

/**
 * Opens one sealed value (standard base64, as in `spec.encryptedData`) with the first of the RSA private
 * keys that fits, as the controller does (sealed-secrets pkg/crypto/crypto.go:75-120).
 * Returns the plain bytes; the caller wipes them. Throws RefusedError KEY_MISMATCH when no key opens it
 * for this target: another key, another name, namespace or scope, or damaged bytes.
 */
export const open = (
  sealed: string,
  target: SealTarget,
  privateKeys: readonly KeyObject[],
): Buffer => {
  const parts = splitSealed(sealed)
  for (const key of privateKeys) {
    const opened = parts && tryOpen(key, labelOf(target), parts)
    if (opened) return opened
  }
  throw new RefusedError('KEY_MISMATCH', 'opening a sealed value: no key could decrypt it', {
    fix: `seal it again for ${target.namespace}/${target.name} (${target.scope}) with the controller's current certificate`,
  })
}

const tryOpen = (
  key: KeyObject,
  label: Buffer,
  { wrapped, body }: Readonly<{ wrapped: Buffer; body: Buffer }>,
): Buffer | undefined => {
  const sessionKey = unwrap(key, label, wrapped)
  const opened = sessionKey && decrypt(sessionKey, body)
  sessionKey?.fill(0)
  return opened
}

const unwrap = (key: KeyObject, label: Buffer, wrapped: Buffer): Buffer | undefined => {
  try {
    return privateDecrypt(
      { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel: label },
      wrapped,
    )
  } catch {
    // node:crypto tells a wrong key from a wrong label by nothing but an exception.
    return undefined
  }
}

const decrypt = (sessionKey: Buffer, body: Buffer): Buffer | undefined => {
  let plain = Buffer.alloc(0)
  try {
    const decipher = createDecipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12), {
      authTagLength: tagLength,
    })
    decipher.setAuthTag(body.subarray(-tagLength))
    plain = decipher.update(body.subarray(0, -tagLength))
    decipher.final()
    return plain
  } catch {
    // What was decrypted before the tag was seen to be wrong is nobody's.
    plain.fill(0)
    return undefined
  }
}
