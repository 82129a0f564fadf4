import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'

/** Where Debian and Red Hat keep the authorities of the system, which may be more than Node's own. */
const ofSystem = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt']

/**
 * Writes the authorities that git trusts, and returns the path of the file: one of ours (PEM) beside the built-in ones and
 * the system's, since git looks at nothing else once it is given a file.
 */
export const writeAuthorities = (directory: string, authority: string): string => {
  const file = join(directory, 'authorities.pem')
  mkdirSync(directory, { recursive: true })
  const system = ofSystem
    .filter(place => existsSync(place))
    .map(place => readFileSync(place, 'utf8'))
  writeFileSync(file, [...rootCertificates, ...system, authority, ''].join('\n'))
  return file
}
