/** An ISO time to the minute, as people read it: `2026-11-30 10:04 UTC`. */
export const shownTime = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`
