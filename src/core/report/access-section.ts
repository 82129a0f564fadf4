import { hasCredentialLeft } from '../run/generating/generation-of.ts'
import { isEnded, keptSince, type Run } from '../run/run.ts'
import { codeSpan, plain, shorten } from './plain.ts'
import type { TrackedSecret } from '../secret/track-secret.ts'

const longestMessage = 1_000

/** Reminds of the saved access until it is deleted: its holder is the seed's administrator. */
export const accessSection = (run: Run): string => {
  const since = keptSince(run)
  return since === null
    ? ''
    : `**Access:** the seed's admin kubeconfig is kept on the hub since ${since}: what is on the seed can be cleaned with it alone. \`/seed forget\` deletes the Secret ${codeSpan(`${run.name}-access`)} when you need it no more.`
}

/** After a generation the reminder is what the credential's state says, whatever was last seen of it. */
export const secretSection = (
  run: Run,
  { secret }: Readonly<{ secret: TrackedSecret | null }>,
): string => {
  if (run.outcome === 'Completed')
    return `**Push credential:** \`RotationDue\`. **Now:** rotate the push credential, since deleting it from the seed does not erase it from the image (\`sower seal\` seals a new one), and do not use the seed cluster any more.`
  if ((run.outcome !== null || isEnded(run.phase)) && hasCredentialLeft(run))
    return '**Push credential:** it has left the hub. **Now:** rotate it (`sower seal` seals a new one): it was on the seed, and after a failure it stays on the disk of the seed.'
  return secret === null || isEnded(run.phase)
    ? ''
    : `**Push credential:** ${codeSpan(secret.state)}: ${plain(shorten(secret.fix, longestMessage))}.`
}
