import { createHash } from 'node:crypto'
import { isEnded, waitsForDraft, type Run } from '../run/run.ts'
import { codeSpan, plain, shorten } from './plain.ts'

const longestReason = 4_000

/** A comment of its own, for which GitHub tells people; its marker is the same for the same news, so that it is written once. */
export type Notice = Readonly<{ kind: 'waits' | 'ended'; marker: string; body: string }>

/**
 * The comment that calls a person where a run cannot go on without one, or has ended; else null. A run calls once a phase, attempt
 * and code, however often it is blocked by it.
 */
export const renderNotice = (run: Run): Notice | null => {
  const { name, phase, attempt, blocked, facts, request } = run
  const of = (kind: Notice['kind'], body: string): Notice => {
    const news = [request.key, phase, attempt, blocked?.code ?? ''].join(' ')
    const hash = createHash('sha256').update(news).digest('hex').slice(0, 12)
    return { kind, marker: `<!-- sower:${kind} ${name} ${hash} -->`, body }
  }
  if (isEnded(phase)) {
    const image =
      facts.digest === null ? '' : ` ${codeSpan(request.image)} is ${codeSpan(facts.digest)}.`
    return of(
      'ended',
      `**The run of ${codeSpan(name)} has ended: ${phase}.**${phase === 'Completed' ? image : ''} The report above says more.`,
    )
  }
  return blocked === null || waitsForDraft(run)
    ? null
    : of(
        'waits',
        `**The run of ${codeSpan(name)} waits for a person** (${codeSpan(blocked.code)}): ${plain(shorten(blocked.reason, longestReason))}\n\n**Next:** ${plain(blocked.fix)}`,
      )
}
