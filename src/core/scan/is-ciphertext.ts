import { isKeySize } from '../secret/sealed/split-sealed.ts'

/**
 * True if a value can be one that a Sealed Secrets controller opens: base64 of the length of an RSA ciphertext,
 * that ciphertext, and AES-GCM's output with its tag of 16 bytes (crypto.go:32-73). Base64 of a password,
 * which scanners for kinds wave through, is none.
 */
export const isCiphertext = (value: string): boolean => {
  const characters = value.replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(characters)) return false
  const bytes = Buffer.from(characters, 'base64')
  if (bytes.length < 2) return false
  const size = bytes.readUInt16BE(0)
  return isKeySize(size) && bytes.length >= 2 + size + 16
}
