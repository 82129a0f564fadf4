import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkSealedSecret } from '../../../core/secret/sealed/check-sealed-secret.ts'
import { printable } from '../../../core/printable.ts'
import { coveringKeys } from '../../../core/secret/authfile/covering-keys.ts'
import { warning, type Finding } from '../../../core/finding.ts'
import {
  readSealedSecret,
  type ReadSealedSecret,
} from '../../../core/secret/sealed/read-sealed-secret.ts'
import { readSealingKey, type SealingKey } from '../../../core/secret/sealed/sealing-key.ts'
import { imageFromTemplate, type ImageReference } from '../../../core/seedgen/image-reference.ts'
import { names } from '../../../core/names.ts'
import { defaults } from '../../../core/settings/defaults.ts'
import { RefusedError, SowerError } from '../../../errors.ts'
import { checkLive, isUnsealedThere, readLive } from '../../../operations/hub/check-live.ts'
import { explainTarget } from '../../../operations/hub/explain-target.ts'
import type { SealingController } from '../../../operations/ports/sealing-controller.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { readInput } from '../../../adapters/files/read-input.ts'
import { repositorySettings, type RepositorySettings } from '../../clone/repository-settings.ts'
import type { OutputForm } from '../../output-flag.ts'
import { printAs } from '../../output/print-as.ts'
import { imageArgument } from '../seal/image-argument.ts'
import { hubFrom, sealingKeyFrom } from '../seal/sealing-key-from.ts'

export type InspectOptions = Readonly<{
  /** Relative to `directory`. */
  file: string
  /** A directory of the repository, relative to where the command is called; so are the other files. */
  directory: string
  cert: string | null
  image: string | null
  kubeconfig: string | null
  context?: string | undefined
  output: OutputForm
}>

const version = { apiVersion: 'sower.dev/v1alpha2', kind: 'Inspection' }

/**
 * `sower inspect`: tells everything about a SealedSecret that can be known without opening it, and with the
 * hub what became of it there. Throws RefusedError with the first bad finding's code after printing all.
 */
export const inspectCommand = async (
  surroundings: Surroundings,
  options: InspectOptions,
): Promise<void> => {
  const now = new Date().toISOString()
  const settings = repositorySettings(surroundings.directory, options.directory)
  const at = resolve(surroundings.directory, options.directory)
  const text = (await readInput(at, options.file)).toString('utf8')
  const { image, others } = coverOf(text, imagesFrom(options, settings))
  const given = options.cert === null ? null : await sealingKeyFrom(surroundings, options.cert, now)
  const { kubeconfig, context } = options
  const hub = kubeconfig === null ? null : await hubFrom(surroundings, kubeconfig, context)
  const live = hub && (await currentKey(hub.controller, now))
  const place = settings?.config.secret ?? null
  const { read, findings } = checkSealedSecret(text, { now, key: given ?? live, image, place })
  const told: readonly Finding[] = [
    ...findings,
    ...others,
    ...(given && live && given.fingerprint !== live.fingerprint ? [changed(live)] : []),
    ...(read && hub ? await inspectLive(read, hub, { image, now, place }) : []),
  ]
  // Names and notes are whatever somebody wrote into the file.
  const all = told.map(finding => ({ ...finding, reason: printable(finding.reason) }))
  const about = { file: options.file, target: read?.target ?? null, notes: read?.notes ?? null }
  surroundings.print(
    printAs(options.output, { ...version, ...about, findings: all }, () =>
      all.map(describe).join(''),
    ),
  )
  const bad = all.filter(({ level }) => level === 'bad')
  const [first] = bad
  if (first)
    throw new RefusedError(
      first.code,
      `inspecting ${options.file}: ${first.reason}${bad.length > 1 ? `, and ${bad.length - 1} more` : ''}`,
      { fix: first.fix ?? 'see above' },
    )
}

/** The images to cover: as asked, else those of all seeds by the template of sower.yaml. */
const imagesFrom = (
  { image }: InspectOptions,
  settings: RepositorySettings | null,
): readonly ImageReference[] => {
  if (image !== null) return [imageArgument(image)]
  const { image: template, seeds = [] } = settings?.config ?? {}
  if (template === undefined) return []
  // The tag does not matter.
  const clusters = template.includes('{cluster}') ? seeds : ['cluster']
  return clusters.map(cluster => imageFromTemplate(template, { cluster, version: 'version' }))
}

/** The first image that the notes say is covered, and how many are not; nothing is known without notes. */
const coverOf = (
  text: string,
  images: readonly ImageReference[],
): Readonly<{ image: ImageReference | null; others: readonly Finding[] }> => {
  const read = readSealedSecret(text)
  const key = 'notes' in read && read.isIntact ? read.notes.registryKey : undefined
  const isCovered = (one: ImageReference): boolean =>
    key !== undefined && coveringKeys([key], one).length > 0
  const image = images.find(isCovered) ?? images[0] ?? null
  const missed = images.filter(one => !isCovered(one))
  const isPartly = missed.length > 0 && missed.length < images.length
  return { image, others: isPartly ? [missing(missed)] : [] }
}

const missing = (images: readonly ImageReference[]): Finding =>
  warning(
    'SEALED_COVERS',
    `it does not cover ${images.map(({ registry, repository }) => `${registry}/${repository}`).join(', ')}`,
    'seal one that does before a run of those seeds',
  )

/** The controller's newest key; null where it does not tell. */
const currentKey = async (
  { certificate }: SealingController,
  now: string,
): Promise<SealingKey | null> => {
  const pem = await certificate()
  if (pem.seen !== 'present') return null
  try {
    return readSealingKey(pem.value, now)
  } catch (error) {
    if (error instanceof SowerError) return null
    throw error
  }
}

const changed = ({ fingerprint }: SealingKey): Finding =>
  warning(
    'SEALED_CERTIFICATE_CHANGED',
    `the controller's newest key is ${fingerprint}, not that of --cert`,
    'find out whether the controller renewed it, or somebody swapped the file',
  )

const inspectLive = async (
  read: ReadSealedSecret,
  { cluster, controller }: Awaited<ReturnType<typeof hubFrom>>,
  {
    image,
    now,
    place,
  }: Readonly<{
    image: ImageReference | null
    now: string
    place: Readonly<{ namespace: string; name: string }> | null
  }>,
): Promise<readonly Finding[]> => {
  const live = await readLive(cluster, read.target)
  const found = checkLive(read, live, { image, now })
  if (isUnsealedThere(read, live) || read.sealed === null) return found
  const { target, template, sealed } = read
  const { name, namespace } = target
  const answer = await explainTarget(
    controller,
    {
      sealed,
      target,
      elsewhere: [
        { namespace, name, ...template },
        ...(place ? [place] : []),
        { namespace: 'default', name },
        defaults.secret,
        { namespace: defaults.lifecycleAgentNamespace, name: names.seedSecret },
      ],
    },
    sleep,
  )
  // The reason is better than what the controller's condition says.
  return [...found.filter(({ code }) => code !== 'SEALED_NO_KEY'), answer]
}

const marks = { ok: 'ok  ', warn: 'warn', bad: 'BAD ' } as const

const describe = ({ code, level, reason, fix }: Finding): string =>
  `${marks[level]}  ${reason} [${code}]\n${fix === null ? '' : `      ${fix}\n`}`
