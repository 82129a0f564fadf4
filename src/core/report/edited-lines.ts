/** A line of a file as it is after an edit. */
export type EditedLine = Readonly<{ path: string; line: number }>

/** Finds the first line that each change of a diff of git touches, in files that were there before; removed lines count where they stood. */
export const editedLines = (diff: string): readonly EditedLine[] => {
  const found: EditedLine[] = []
  let path: string | null = null
  let isNew = false
  let line = 0
  let isSeen = false
  for (const text of diff.split('\n')) {
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text)
    if (text.startsWith('diff --git ')) [path, isNew] = [null, false]
    else if (path === null && text === '--- /dev/null') isNew = true
    else if (path === null && text.startsWith('+++ b/')) path = text.slice('+++ b/'.length)
    else if (hunk) [line, isSeen] = [Number(hunk[1]), false]
    else if (path !== null && /^[ +-]/.test(text)) {
      if (!isNew && !isSeen && !text.startsWith(' ')) found.push({ path, line: Math.max(1, line) })
      isSeen = !text.startsWith(' ')
      if (!text.startsWith('-')) line += 1
    }
  }
  return found
}
