import type { SeedRecord } from '../../../core/detach/seed-record.ts'
import { printable } from '../../../core/printable.ts'
import { ageOf } from '../../../core/waiting/render-tree.ts'
import type { Run } from '../../../core/run/run.ts'
import type { OutputForm } from '../../output-flag.ts'
import type { HubAnswers, SecretStatus } from './hub-answers.ts'

/** The state of one seed cluster. */
export type SeedStatus = Readonly<{
  cluster: string
  /** Where it is listed, `file:line`, or the file of a root that renders it; null where it is not. */
  listed: string | null
  /** Where it is commented out. */
  commentedOut: readonly string[]
  record: Pick<SeedRecord, 'status' | 'image' | 'digest' | 'finishedAt' | 'seedImageRef'> | null
  run: Pick<Run, 'phase' | 'blocked'> | null
  secret: SecretStatus
  /** Since when the access to the seed is kept on the hub after its run; null where it is not, or no run is known. */
  accessSince: string | null
  /** Null where no hub was named. */
  hub: HubAnswers | null
  warnings: readonly string[]
}>

/** Describes a seed cluster in a few lines, with what the hub answered where it is `wide`; ages run until `now`. */
export const describeSeed = (
  { cluster, listed, commentedOut, record, run, secret, accessSince, hub, warnings }: SeedStatus,
  now: string,
  form: OutputForm = 'text',
): string => {
  const place = listed
    ? `listed at ${listed}`
    : commentedOut.length > 0
      ? `commented out at ${commentedOut.join(', ')}`
      : 'in no list'
  const blocked = run?.blocked ? `, blocked: ${run.blocked.reason} (${run.blocked.fix})` : ''
  return (
    [
      cluster,
      `  cluster     ${place}`,
      ...(record
        ? [
            `  record      ${record.status}${record.finishedAt === null ? '' : ` at ${record.finishedAt}`}${record.digest === null ? '' : `, ${record.digest}`}`,
            ...(record.seedImageRef
              ? [
                  `  image       ${record.seedImageRef.image}, OpenShift ${record.seedImageRef.version}`,
                ]
              : []),
          ]
        : []),
      ...(run ? [`  run         ${run.phase}${blocked}`] : []),
      `  credential  ${secret.state}: ${secret.fix}`,
      ...(form === 'wide' ? onHub(hub) : []),
      ...(accessSince === null
        ? []
        : [
            `  access      kept on the hub since ${accessSince} (${ageOf(accessSince, now)}): \`sower forget ${cluster}\` deletes it when you need it no more`,
          ]),
      ...warnings.map(warning => `  warning     ${warning}`),
      '',
    ]
      // Paths and records are whatever somebody wrote into the repository.
      .map(printable)
      .join('\n')
  )
}

const onHub = (hub: HubAnswers | null): readonly string[] => {
  if (hub === null) return ['  hub         not asked: name it with --kubeconfig']
  const { sealedSecret, secret } = hub
  const said = (answer: typeof sealedSecret): string =>
    answer.seen === 'unknown' ? `unknown (${answer.why})` : answer.seen
  const unsealed = secret === null ? '' : `, Secret ${said(secret)}`
  return [`  hub         SealedSecret ${said(sealedSecret)}${unsealed}`]
}
