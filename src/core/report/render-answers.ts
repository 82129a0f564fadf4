import type { Check } from '../preflight/check.ts'
import { checksSection } from './checks-section.ts'
import { bytesOf, longestComment } from './cut-markdown.ts'
import { plain } from './plain.ts'

/** The answer to the person who asked or was refused; the checks are shown below the text. */
type Said = Readonly<{
  text: string
  code: string | null
  list?: readonly string[]
  checks: readonly Check[]
  /** A report that is Markdown already. */
  markdown?: string
}>

/** The one comment with answers as Markdown, without its marker; tables are left out where they have no room. */
export const renderAnswers = (answers: readonly Said[]): string => {
  const whole = asMarkdown(answers)
  return bytesOf(whole) <= longestComment
    ? whole
    : asMarkdown(
        answers.map(({ text, code, checks, list, markdown = '' }) => ({
          code,
          list: list ?? [],
          text: checks.length + markdown.length === 0 ? text : `${text} ${tooLong}`,
          checks: [],
        })),
      )
}

const tooLong = 'The table is too long for a comment: ask with `sower` on the command line.'

const asMarkdown = (answers: readonly Said[]): string =>
  answers
    .flatMap(({ text, code, checks, list = [], markdown = '' }) => [
      code === null ? plain(text) : `**Refused** (\`${code}\`): ${plain(text)}`,
      ...(list.length === 0 ? [] : [list.map(line => `- ${plain(line)}`).join('\n')]),
      ...(checks.length === 0 ? [] : [checksSection(checks)]),
      ...(markdown === '' ? [] : [markdown]),
    ])
    .join('\n\n')
