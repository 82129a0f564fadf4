import type { Configuration } from '../../../core/settings/configuration.ts'
import type { Seen, UnknownBecause } from '../../../core/seen.ts'
import type { SecretObservation, TrackedSecret } from '../../../core/secret/track-secret.ts'
import { UnavailableError } from '../../../errors.ts'

type Answer = Readonly<{ seen: 'present' | 'absent' }> | Unanswered
type Unanswered = Readonly<{ seen: 'unknown'; why: UnknownBecause }>

/** The hub's answers about the push credential; `secret` is null where it was not asked for. */
export type HubAnswers = Readonly<{ sealedSecret: Answer; secret: Answer | null }>

/** The state of the push credential, or that the hub, which was asked, does not let it be known. */
export type SecretStatus = TrackedSecret | Readonly<{ state: 'unknown'; fix: string }>

const answerOf = (seen: Seen<unknown>): Answer =>
  seen.seen === 'unknown' ? { seen: 'unknown', why: seen.why } : { seen: seen.seen }

/** Reads off an observation what the hub answered; the Secret is asked for once it is unsealed, for an image. */
export const hubAnswers = (
  { onHub, checked }: Pick<SecretObservation, 'onHub' | 'checked'>,
  { image }: Readonly<{ image: string | null }>,
): HubAnswers => ({
  sealedSecret: answerOf(onHub),
  secret:
    image !== null && onHub.seen === 'present' && onHub.value.isUnsealed ? answerOf(checked) : null,
})

/** The first question that the hub left open. */
export const unanswered = (
  answers: HubAnswers | null,
  { secret }: Pick<Configuration, 'secret'>,
): UnavailableError | null => {
  const questions = [
    ['SealedSecret', answers?.sealedSecret],
    ['Secret', answers?.secret],
  ] as const
  for (const [kind, answer] of questions)
    if (answer?.seen === 'unknown')
      return new UnavailableError(
        'CLUSTER_UNAVAILABLE',
        `asking the hub for ${kind} ${secret.namespace}/${secret.name}: no answer (${answer.why})`,
        { fix: fixOf(answer.why, kind) },
      )
  return null
}

const fixOf = (why: UnknownBecause, kind: string): string => {
  if (why === 'forbidden') return `let the user of the kubeconfig read the ${kind}`
  return why === 'not-served'
    ? `name the kubeconfig of the hub: this API server knows no ${kind}`
    : 'ask again when the API server in the kubeconfig answers'
}
