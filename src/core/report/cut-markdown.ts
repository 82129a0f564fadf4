/** GitHub takes 65,536 characters for a comment; the rest is for our marker, and for whoever counts in another way. */
export const longestComment = 60_000

/** The bytes of a text in UTF-8. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length

/** The sentence in place of what had no room. */
export const leftOut = '(the rest of this part is too long to be shown here)'

/** The parts of Markdown that are open at the end of a line. */
type Open = Readonly<{ fence: string; folded: number }>

/** Cuts Markdown between two lines to a number of bytes, and closes the fence and the folded parts that it cuts open. */
export const cutMarkdown = (text: string, most: number): string => {
  if (bytesOf(text) <= most) return text
  const kept: string[] = []
  let [size, end] = [0, leftOut]
  let open: Open = { fence: '', folded: 0 }
  for (const line of text.split('\n')) {
    open = openAfter(open, line)
    size += bytesOf(line) + 1
    const closing = `${open.fence === '' ? '' : `${open.fence}\n`}${'\n</details>\n'.repeat(open.folded)}\n${leftOut}`
    if (size + bytesOf(closing) > most) break
    kept.push(line)
    end = closing
  }
  return [...kept, end].join('\n')
}

const openAfter = ({ fence, folded }: Open, line: string): Open => {
  const found = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line)
  const [, mark = '', rest = ''] = found ?? []
  if (fence !== '') {
    const isEnd = mark.startsWith(fence) && rest.trim() === ''
    return { fence: isEnd ? '' : fence, folded }
  }
  if (mark !== '') return { fence: mark, folded }
  const count = (tag: string): number => line.split(tag).length - 1
  return { fence, folded: Math.max(0, folded + count('<details>') - count('</details>')) }
}
