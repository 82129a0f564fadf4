import { z } from 'zod'
import { bytesOf, cutMarkdown, longestComment } from '../../core/report/cut-markdown.ts'
import type { Status } from '../../operations/ports/forge.ts'
import { valueOf, type RepositoryApi } from './repository-api.ts'

/** GitHub takes 50 annotations with a call, and 255 characters for a title. */
const mostAnnotations = 50
const longestTitle = 255
const longestMessage = 4_000

/** As many code points of a text: half of one is refused. */
export const firstPoints = (text: string, most: number): string =>
  Array.from(text).slice(0, most).join('')

/**
 * Writes a check run ("Create a check run"), which an App alone may. The newest of its name on a commit counts, so that each state is a
 * run of its own, and none has to be found again. Throws UnavailableError GITHUB_FAILED without an answer, FailedError GITHUB_FAILED
 * for GitHub's no.
 */
export const writeCheckRun = async (
  { ask }: Pick<RepositoryApi, 'ask'>,
  { sha, state, description, context, detail }: Status & Readonly<{ context: string }>,
): Promise<void> => {
  const summary = detail && bytesOf(detail.summary) > 0 ? detail.summary : description
  const written = await ask(
    {
      activity: 'writing the check run',
      route: 'POST /check-runs',
      parameters: {
        name: context,
        head_sha: sha,
        ...(state === 'pending'
          ? { status: 'in_progress' }
          : { status: 'completed', conclusion: state }),
        output: {
          title: firstPoints(description, longestTitle),
          summary: cutMarkdown(summary, longestComment),
          annotations: (detail?.annotations ?? [])
            .slice(0, mostAnnotations)
            .map(({ path, line, level, message }) => ({
              ...{ path, start_line: line, end_line: line, annotation_level: level },
              message: firstPoints(message, longestMessage),
            })),
        },
      },
    },
    z.looseObject({ id: z.number() }),
  )
  valueOf(written)
}
