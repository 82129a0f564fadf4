import { setTimeout as sleep } from 'node:timers/promises'
import { checkSealedSecret } from '../../core/secret/check-sealed-secret.ts'
import { printablePath } from '../../core/scan/describe-leaks.ts'
import { warning, type Finding } from '../../core/secret/finding.ts'
import type { ReadSealedSecret } from '../../core/secret/read-sealed-secret.ts'
import { readSealingKey, type SealingKey } from '../../core/secret/sealing-key.ts'
import {
  imageFromTemplate,
  parseImageReference,
  type ImageReference,
} from '../../core/seedgen/image-reference.ts'
import { RefusedError, SowerError } from '../../errors.ts'
import { checkLive, isUnsealedThere, readLive } from '../../operations/check-live.ts'
import { explainTarget } from '../../operations/explain-target.ts'
import type { SealingController } from '../../operations/sealing-controller.ts'
import type { Surroundings } from '../compose.ts'
import { readInput } from '../read-input.ts'
import { repositorySettings, type RepositorySettings } from '../repository-settings.ts'
import { hubFrom, sealingKeyFrom } from '../sealing-inputs.ts'

export type InspectOptions = Readonly<{
  file: string
  cert: string | null
  image: string | null
  kubeconfig: string | null
  json: boolean
}>

/**
 * `sower inspect`: tells everything about a SealedSecret that can be known without opening it, and with the
 * hub what became of it there. Throws RefusedError with the first bad finding's code after printing all.
 */
export const inspectCommand = async (
  surroundings: Surroundings,
  options: InspectOptions,
): Promise<void> => {
  const now = new Date().toISOString()
  const text = (await readInput(surroundings.directory, options.file)).toString('utf8')
  const settings = repositorySettings(surroundings.directory)
  const image = imageFrom(options, settings)
  const given = options.cert === null ? null : await sealingKeyFrom(surroundings, options.cert, now)
  const hub = options.kubeconfig === null ? null : await hubFrom(surroundings, options.kubeconfig)
  const live = hub && (await currentKey(hub.controller, now))
  const place = settings?.config.secret ?? null
  const { read, findings } = checkSealedSecret(text, { now, key: given ?? live, image, place })
  const told: readonly Finding[] = [
    ...findings,
    ...(given && live && given.fingerprint !== live.fingerprint ? [changed(live)] : []),
    ...(read && hub ? await inspectLive(read, hub, { image, now, place }) : []),
  ]
  // Names and notes are whatever somebody wrote into the file.
  const all = told.map(finding => ({ ...finding, text: printablePath(finding.text) }))
  surroundings.print(
    options.json
      ? `${JSON.stringify({ file: options.file, target: read?.target ?? null, notes: read?.notes ?? null, findings: all }, null, 2)}\n`
      : all.map(describe).join(''),
  )
  const bad = all.filter(({ level }) => level === 'bad')
  const [first] = bad
  if (first)
    throw new RefusedError(
      first.code,
      `inspecting ${options.file}: ${first.text}${bad.length > 1 ? `, and ${bad.length - 1} more` : ''}`,
      { fix: first.fix ?? 'see above' },
    )
}

/** The image to cover: as asked, else the template of sower.yaml where no placeholder matters. */
const imageFrom = (
  { image }: InspectOptions,
  settings: RepositorySettings | null,
): ImageReference | null => {
  if (image !== null) return parseImageReference(image)
  const template = settings?.config.image
  const seeds = settings?.config.seeds ?? []
  // The tag does not matter. A cluster's name in the repository does, where there are several.
  if (template === undefined || (template.includes('{cluster}') && seeds.length > 1)) return null
  return imageFromTemplate(template, { cluster: seeds.join(), version: 'version' })
}

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
        { namespace: 'sower-seeds', name: 'seedgen' },
        { namespace: 'openshift-lifecycle-agent', name: 'seedgen' },
      ],
    },
    sleep,
  )
  // The reason is better than what the controller's condition says.
  return [...found.filter(({ code }) => code !== 'SEALED_NO_KEY'), answer]
}

const marks = { ok: 'ok  ', warn: 'warn', bad: 'BAD ' } as const

const describe = ({ code, level, text, fix }: Finding): string =>
  `${marks[level]}  ${text} [${code}]\n${fix === null ? '' : `      ${fix}\n`}`
