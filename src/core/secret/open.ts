import { constants, createDecipheriv, privateDecrypt, type KeyObject } from 'node:crypto'
import { RefusedError } from '../../errors.ts'
import { labelOf, type SealTarget } from './scope.ts'

const tagLength = 16

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
  const bytes = Buffer.from(sealed, 'base64')
  const rsaLength = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0
  const wrapped = bytes.subarray(2, 2 + rsaLength)
  const body = bytes.subarray(2 + rsaLength)
  for (const key of privateKeys) {
    const opened = tryOpen(key, labelOf(target), wrapped, body)
    if (opened) return opened
  }
  throw new RefusedError('KEY_MISMATCH', 'opening a sealed value: no key could decrypt it', {
    fix: `seal it again for ${target.namespace}/${target.name} (${target.scope}) with the controller's current certificate`,
  })
}

const tryOpen = (
  key: KeyObject,
  label: Buffer,
  wrapped: Buffer,
  body: Buffer,
): Buffer | undefined => {
  try {
    const sessionKey = privateDecrypt(
      { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel: label },
      wrapped,
    )
    const decipher = createDecipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12), {
      authTagLength: tagLength,
    })
    sessionKey.fill(0)
    decipher.setAuthTag(body.subarray(body.length - tagLength))
    return Buffer.concat([decipher.update(body.subarray(0, -tagLength)), decipher.final()])
  } catch {
    // node:crypto tells a wrong key from a wrong label by nothing but an exception.
    return undefined
  }
}
