/** The label that asks for a run. */
export const seedLabel = 'seed'

/** Tells whether a label is the one that asks for a run; GitHub's labels do not differ by case. */
export const isSeedLabel = (name: string): boolean => name.toLowerCase() === seedLabel
