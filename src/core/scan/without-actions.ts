// What stands in an action: texts as Go writes them, and whatever is not a brace. The limit keeps hostile lines from taking long.
const inside = /"(?:\\.|[^"\\\n]){0,200}"|`[^`\n]{0,200}`|[^{}"`\n]+|\}\}/y
const control =
  /^\$?\{\{-?\s*(?:if|else|end|range|with|define|block|break|continue|\/\*|\$\w+\s*:?=)/

type Action = Readonly<{ from: number; to: number }>

/** A text that can be read as YAML where the template of a chart cannot, and where the template's actions were. */
export type WithoutActions = Readonly<{ text: string; actions: readonly Action[] }>

/**
 * Puts a placeholder of the same length in the place of each action (`{{ … }}`) of a Go template, and spaces for what
 * has a line of its own or only steers. Actions of several lines stay.
 */
export const withoutActions = (text: string): WithoutActions => {
  const actions = actionsIn(text)
  const parts: string[] = []
  let last = 0
  for (const { from, to } of actions) {
    parts.push(text.slice(last, from), instead(text.slice(from, to)))
    last = to
  }
  const filled = [...parts, text.slice(last)].join('')
  // A line of placeholders only was a line of actions.
  return { text: filled.replace(/^[ \t]*(?:<_+>[ \t]*)+$/gm, blank), actions }
}

const blank = (text: string): string => ' '.repeat(text.length)

const instead = (action: string): string =>
  control.test(action) ? blank(action) : `<${'_'.repeat(action.length - 2)}>`

const actionsIn = (text: string): readonly Action[] => {
  const actions: Action[] = []
  for (let at = text.indexOf('{{'); at >= 0; at = text.indexOf('{{', inside.lastIndex)) {
    let end = at + 2
    let part = ''
    while (part !== '}}') {
      inside.lastIndex = end
      const [found] = inside.exec(text) ?? []
      if (found === undefined) break
      part = found
      end += part.length
    }
    // `${{ … }}` is how workflows write theirs.
    if (part === '}}') actions.push({ from: text[at - 1] === '$' ? at - 1 : at, to: end })
    inside.lastIndex = end
  }
  return actions
}
