/** Aho and Corasick's automaton: where to go from a state with a character, and what ends there. */
export type Automaton = Readonly<{
  next: (state: number, character: number) => number
  /** How much of a form a state stands for. */
  depth: readonly number[]
  /** The length of the longest form that ends in a state; 0 for none. */
  longest: readonly number[]
  /** True if a state stands for the beginning of a form that counts when it is cut off. */
  isCuttable: readonly boolean[]
  /** True if all forms that begin so go on with a letter or a digit. */
  isWithinWord: (state: number) => boolean
}>

/** Tells whether a character is an ASCII letter or digit. */
export const isAlphanumeric = (character: number): boolean =>
  (character >= 48 && character <= 57) ||
  (character >= 65 && character <= 90) ||
  (character >= 97 && character <= 122)

/** Creates the automaton of some forms, of which some are cuttable. Linear in their length. */
export const createAutomaton = (
  forms: readonly string[],
  cuttable: ReadonlySet<string>,
): Automaton => {
  // Nearly every state has one child: a map for each would cost a hundred times as much.
  const onlyCharacter = [-1]
  const onlyChild = [0]
  const otherChildren = new Map<number, Map<number, number>>()
  const depth = [0]
  const longest = [0]
  const fail = [0]
  const isCuttable = [false]
  const childOf = (state: number, character: number): number | undefined =>
    onlyCharacter[state] === character ? onlyChild[state] : otherChildren.get(state)?.get(character)
  const addChild = (state: number, character: number): number => {
    const child = depth.length
    if (onlyCharacter[state] === -1) {
      onlyCharacter[state] = character
      onlyChild[state] = child
    } else {
      const others = otherChildren.get(state) ?? new Map<number, number>()
      otherChildren.set(state, others.set(character, child))
    }
    onlyCharacter.push(-1)
    onlyChild.push(0)
    depth.push((depth[state] ?? 0) + 1)
    longest.push(0)
    fail.push(0)
    isCuttable.push(false)
    return child
  }
  for (const form of forms) {
    let state = 0
    const isMarked = cuttable.has(form)
    for (let at = 0; at < form.length; at += 1) {
      state = childOf(state, form.charCodeAt(at)) ?? addChild(state, form.charCodeAt(at))
      if (isMarked) isCuttable[state] = true
    }
    longest[state] = form.length
  }
  const next = (from: number, character: number): number => {
    for (let state = from; ; state = fail[state] ?? 0) {
      const child = childOf(state, character)
      if (child !== undefined) return child
      if (state === 0) return 0
    }
  }
  const queue = [0]
  for (let at = 0; at < queue.length; at += 1) {
    const state = queue[at] ?? 0
    const children = [...(otherChildren.get(state) ?? [])]
    if (onlyCharacter[state] !== -1)
      children.push([onlyCharacter[state] ?? 0, onlyChild[state] ?? 0])
    for (const [character, child] of children) {
      const to = state === 0 ? 0 : next(fail[state] ?? 0, character)
      fail[child] = to
      longest[child] = Math.max(longest[child] ?? 0, longest[to] ?? 0)
      queue.push(child)
    }
  }
  const isWithinWord = (state: number): boolean =>
    [onlyCharacter[state] ?? -1, ...(otherChildren.get(state)?.keys() ?? [])].every(isAlphanumeric)
  return { next, depth, longest, isCuttable, isWithinWord }
}
