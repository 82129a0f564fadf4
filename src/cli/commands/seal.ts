import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { credentialFor, reduceAuthfile } from '../../core/secret/authfile.ts'
import { readCertificate, seal } from '../../core/secret/seal.ts'
import { sealedSecretManifest } from '../../core/secret/sealed-secret.ts'
import { parseImageReference } from '../../core/seedgen/image-reference.ts'
import { InputError } from '../../errors.ts'
import type { Surroundings } from '../compose.ts'

type Options = Readonly<{
  authfile: string
  image: string
  cert: string
  namespace: string
  name: string
  output: string | null
}>

/**
 * `sower seal`: checks that the authfile covers the image, reduces it to that one entry and seals it,
 * strictly for one name in one namespace. Throws InputError and RefusedError; then nothing is written.
 */
export const sealCommand = async (surroundings: Surroundings, options: Options): Promise<void> => {
  const read = (file: string): Buffer => {
    try {
      return readFileSync(file === '-' ? 0 : resolve(surroundings.directory, file))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
      throw new InputError('FILE_UNREADABLE', `reading ${file}: ${code}`, { fix: 'check the path' })
    }
  }
  const now = new Date().toISOString()
  const image = parseImageReference(options.image)
  const key = readCertificate(read(options.cert).toString('utf8'), now)
  const bytes = read(options.authfile)
  const { key: registryKey } = credentialFor(bytes, image)
  const reduced = reduceAuthfile(bytes, registryKey)
  const target = { scope: 'strict', namespace: options.namespace, name: options.name } as const
  const sealed = seal(reduced, target, key.publicKey)
  bytes.fill(0)
  reduced.fill(0)
  const manifest = sealedSecretManifest(sealed, target, {
    keyFingerprint: key.fingerprint,
    sealedAt: now,
    registryKey,
  })
  if (options.output === null) {
    surroundings.print(manifest)
    return
  }
  const file = resolve(surroundings.directory, options.output)
  // Beside it and then in its place: an interrupted write leaves the old file.
  writeFileSync(`${file}.new`, manifest)
  renameSync(`${file}.new`, file)
  surroundings.report(
    `sealed the credential for ${registryKey} as ${options.namespace}/${options.name} in ${options.output}\n`,
  )
}
