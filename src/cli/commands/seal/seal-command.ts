import { resolve } from 'node:path'
import { clusterName } from '../../../core/cluster/cluster-name.ts'
import { checkAuthfile, reduceAuthfile } from '../../../core/secret/authfile/check-authfile.ts'
import type { Finding } from '../../../core/finding.ts'
import { secretsOf } from '../../../core/secret/secrets-of.ts'
import {
  readSealedSecret,
  type ReadSealedSecret,
} from '../../../core/secret/sealed/read-sealed-secret.ts'
import { describeTarget, type Scope, type SealTarget } from '../../../core/secret/sealed/scope.ts'
import { seal } from '../../../core/secret/sealed/seal.ts'
import { sealedSecretManifest } from '../../../core/secret/sealed/sealed-secret-manifest.ts'
import { defaults } from '../../../core/settings/defaults.ts'
import { InputError, RefusedError } from '../../../errors.ts'
import { readLive } from '../../../operations/hub/check-live.ts'
import type { Cluster } from '../../../operations/ports/cluster.ts'
import { isSameValue, type Sealing } from '../../../operations/hub/is-same-value.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { readInput } from '../../../adapters/files/read-input.ts'
import { repositorySettings } from '../../clone/repository-settings.ts'
import { imageArgument } from './image-argument.ts'
import { hubFrom, sealingKeyFrom } from './sealing-key-from.ts'
import { plainFile, writeOutput } from '../../../adapters/files/write-output.ts'

export type SealOptions = Readonly<{
  authfile: string
  image: string
  cert: string
  /** Null: as sower.yaml says, else the default. */
  namespace: string | null
  name: string | null
  scope: string
  /** A directory of the repository, relative to where the command is called; so are the files, but for `output`. */
  directory: string
  /** Relative to `directory`. */
  output: string | null
  kubeconfig: string | null
  context?: string | undefined
}>

const scopes: readonly Scope[] = ['strict', 'namespace-wide', 'cluster-wide']

/**
 * `sower seal`: checks that the authfile covers the image, reduces it to that one entry and seals it for one
 * place on the hub. A file that holds the same value already is left alone where the hub can tell. Throws
 * InputError, RefusedError and UnavailableError; then nothing is written.
 */
export const sealCommand = async (
  surroundings: Surroundings,
  options: SealOptions,
): Promise<void> => {
  const now = new Date().toISOString()
  if (options.authfile === '-' && options.cert === '-')
    throw badArgument('--authfile and --cert cannot both be standard input', 'name a file for one')
  const { target, source } = targetOf(surroundings, options)
  const image = imageArgument(options.image)
  const output =
    options.output === null
      ? null
      : {
          file: resolve(surroundings.directory, options.directory, options.output),
          shown: options.output,
        }
  const before = output && (await readOurs(surroundings, output))
  // Read also where nothing is there to compare: a hub that was named wrongly is told of before anything is written.
  const { kubeconfig, context } = options
  const hub = kubeconfig === null ? null : await hubFrom(surroundings, kubeconfig, context)
  const key = await sealingKeyFrom(surroundings, options.cert, now)
  const bytes = await readInput(surroundings.directory, options.authfile)
  for (const secret of secretsOf(bytes.toString('utf8'))) surroundings.conceal?.(secret)
  let plain: Buffer = Buffer.alloc(0)
  try {
    const { credential, expiresAt, warnings } = checkAuthfile(bytes, image, now)
    const registryKey = credential.key
    plain = reduceAuthfile(bytes, registryKey)
    for (const warning of warnings) surroundings.report(describe(warning))
    const sealing = { plain, target, registryKey, keyFingerprint: key.fingerprint }
    if (before && (await isKnown(surroundings, { hub: hub?.cluster ?? null, before, sealing }))) {
      surroundings.report(
        `${options.output ?? ''} holds this very value already: nothing is changed\n`,
      )
      return
    }
    const manifest = sealedSecretManifest(seal(plain, target, key.publicKey), target, {
      keyFingerprint: key.fingerprint,
      certificateNotAfter: key.notAfter,
      sealedAt: now,
      registryKey,
      expiresAt,
    })
    if (output) writeOutput(output, manifest)
    else surroundings.print(manifest)
    surroundings.report(
      `sealed the credential for ${registryKey} as ${describeTarget(target)}${output ? ` in ${output.shown}` : ''} (${source})\n`,
    )
  } finally {
    bytes.fill(0)
    plain.fill(0)
  }
}

const badArgument = (reason: string, fix: string): InputError =>
  new InputError('ARGUMENT_INVALID', reason, { fix })

/** Where the value is for, and who says so. */
const targetOf = (
  surroundings: Surroundings,
  options: SealOptions,
): Readonly<{ target: SealTarget; source: string }> => {
  const scope = scopes.find(one => one === options.scope)
  if (!scope)
    throw badArgument(
      `--scope ${options.scope}: there is no such scope`,
      `choose ${scopes.join(', ')}`,
    )
  const settings =
    options.namespace !== null && options.name !== null
      ? null
      : repositorySettings(surroundings.directory, options.directory)
  const secret = settings?.config.secret ?? defaults.secret
  const namespace = options.namespace ?? secret.namespace
  const name = options.name ?? secret.name
  for (const [flag, value] of Object.entries({ namespace, name }))
    if (!clusterName.test(value))
      throw badArgument(
        `--${flag} ${JSON.stringify(value)}: that is not a Kubernetes name`,
        'small letters, digits and -',
      )
  const found = settings ? settings.from : 'the defaults, as there is no sower.yaml'
  const [ofNamespace, ofName] = (['namespace', 'name'] as const).map(word =>
    options[word] === null ? found : `--${word}`,
  )
  const source =
    ofNamespace === ofName
      ? `namespace and name from ${String(ofName)}`
      : `namespace from ${String(ofNamespace)}, name from ${String(ofName)}`
  return { target: { scope, namespace, name }, source }
}

/** The SealedSecret that is about to be overwritten. Throws RefusedError OUTPUT_FOREIGN for anything else. */
const readOurs = async (
  surroundings: Surroundings,
  output: Readonly<{ file: string; shown: string }>,
): Promise<ReadSealedSecret | null> => {
  if (!plainFile(output)) return null
  const text = (await readInput(surroundings.directory, output.file)).toString('utf8')
  const read = readSealedSecret(text)
  if ('code' in read || read.notes.ciphertextSha256 === undefined)
    throw new RefusedError(
      'OUTPUT_FOREIGN',
      `writing ${output.shown}: it exists and is not a SealedSecret of \`sower seal\``,
      { fix: 'name another file, or remove it first' },
    )
  return read
}

type Known = Readonly<{ hub: Cluster | null; before: ReadSealedSecret; sealing: Sealing }>

const isKnown = async (
  surroundings: Surroundings,
  { hub, before, sealing }: Known,
): Promise<boolean> => {
  if (hub === null) return false
  const live = await readLive(hub, sealing.target)
  const silent = [live.sealed, live.secret].find(({ seen }) => seen === 'unknown')
  if (silent?.seen === 'unknown')
    surroundings.report(
      `the hub does not say whether the value is the same (${silent.why}): it is sealed again\n`,
    )
  return isSameValue(before, live, sealing)
}

const describe = ({ code, reason, fix }: Finding): string =>
  `warning: ${reason} [${code}]\n         ${fix ?? ''}\n`
