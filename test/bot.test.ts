import './bot/start-bot.ts'
import './bot/webhook-listener.ts'
