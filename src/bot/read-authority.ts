import { X509Certificate } from 'node:crypto'
import { InputError, messageOf } from '../errors.ts'
import { shownName } from '../redact/shown-name.ts'

const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/**
 * Returns the certificates (PEM) in the content of a file. Node takes anything for an authority without a word, and then
 * trusts nobody more. Throws InputError FILE_UNREADABLE where there is none, or one that cannot be read.
 */
export const readAuthority = (file: string, content: string): string => {
  const refuse = (reason: string, cause?: unknown): InputError =>
    new InputError('FILE_UNREADABLE', `reading ${shownName(file)}: ${reason}`, {
      fix: 'give a file with the certificate of the authority, or several, as PEM',
      ...(cause === undefined ? {} : { cause }),
    })
  const found = content.match(block) ?? []
  if (found.length === 0) throw refuse('there is no certificate in it')
  for (const [index, certificate] of found.entries())
    try {
      new X509Certificate(certificate)
    } catch (cause) {
      throw refuse(`its certificate ${index + 1} cannot be read: ${messageOf(cause)}`, cause)
    }
  return found.join('\n')
}
