/** A message with the facts and preferences that an extraction should find in it. */
export interface LabelledTurn {
  readonly text: string;
  readonly role?: 'ASSISTANT';
  readonly facts?: readonly string[];
  readonly preferences?: readonly string[];
}

/**
 * A hundred messages in the style of users of an assistant. Many contain no fact or preference. The rules
 * were developed on every second message, from the first on. The others only measure them.
 */
export const corpus: readonly LabelledTurn[] = [
  { text: 'Hi! My name is Ana and I live in Lisbon.', facts: ['is named Ana', 'lives in Lisbon'] },
  { text: 'Hello, I’m called Tomasz, nice to meet you.', facts: ['is named Tomasz'] },
  { text: 'What is the capital of Portugal?' },
  { text: 'Do you know where I live?' },
  {
    text: 'I work as a nurse at Santa Maria Hospital.',
    facts: ['works as a nurse at Santa Maria Hospital'],
  },
  { text: "I'm working for Siemens at the moment.", facts: ['works for Siemens'] },
  {
    text: 'I really like hiking in the mountains.',
    preferences: ['likes hiking in the mountains'],
  },
  {
    text: 'I love spicy food, but I hate coriander.',
    preferences: ['likes spicy food', 'dislikes coriander'],
  },
  {
    text: 'Nice to meet you, Ana! I like helping people.',
    role: 'ASSISTANT',
    facts: ['is named Ana'],
  },
  { text: 'I live in the cloud, so to speak. How can I help?', role: 'ASSISTANT' },
  { text: "I've just moved to Porto.", facts: ['lives in Porto'] },
  {
    text: 'Last month we moved from Berlin to Vienna because of my job.',
    facts: ['lives in Vienna'],
  },
  { text: 'Correct this sentence: my name are John and I like swim.' },
  { text: 'Translate this: I live in Rome and I love pasta.' },
  {
    text: 'My favourite colour is dark green.',
    preferences: ['likes dark green (favourite colour)'],
  },
  {
    text: 'Radiohead has been my favorite band since school.',
    preferences: ['likes Radiohead (favourite band)'],
  },
  {
    text: "I'm vegetarian and I'm allergic to peanuts.",
    facts: ['is vegetarian', 'is allergic to peanuts'],
  },
  { text: 'Been vegan since 2019.', facts: ['is vegan'] },
  { text: 'I like your answer, thanks!' },
  { text: 'I love it. Perfect.' },
  { text: 'I have two kids and a dog.', facts: ['has two kids and a dog'] },
  { text: 'We’ve got a cat called Miso.', facts: ['has a cat called Miso'] },
  { text: 'I have a question about my invoice.' },
  { text: 'I have a meeting at three, remind me please.' },
  { text: 'I prefer window seats when I fly.', preferences: ['prefers window seats'] },
  { text: 'Tea over coffee, always.', preferences: ['prefers tea to coffee'] },
  { text: 'If I lived in Paris, I would eat croissants every day.' },
  { text: 'Suppose I am a doctor. What should I earn?' },
  { text: 'My wife is called Marta.', facts: ['wife is called Marta'] },
  { text: "My daughter's name is Inês.", facts: ['daughter’s name is Inês'] },
  { text: 'My brother said "I live in Rome now".' },
  { text: 'She told me she likes jazz.' },
  { text: "I don't like crowded places.", preferences: ['dislikes crowded places'] },
  {
    text: "I can't stand loud music in restaurants.",
    preferences: ['dislikes loud music in restaurants'],
  },
  { text: 'I’m 34 years old.', facts: ['is 34 years old'] },
  { text: 'I turned fifty yesterday!', facts: ['is fifty years old'] },
  { text: "I'd like a coffee, please." },
  { text: 'I would love to see the northern lights one day.' },
  { text: 'I am from Brazil originally.', facts: ['is from Brazil'] },
  {
    text: 'I grew up in a small village near Kraków.',
    facts: ['grew up in a small village near Kraków'],
  },
  { text: 'The weather is terrible today.' },
  { text: 'I’m a bit lost here, sorry.' },
  {
    text: 'I speak Portuguese and a little French.',
    facts: ['speaks Portuguese and a little French'],
  },
  { text: 'I’ve been learning Japanese for two years now.', facts: ['is learning Japanese'] },
  { text: 'I think you misunderstood me.' },
  { text: 'Maybe I like the second option better, not sure.' },
  { text: 'I no longer work at Nokia.', facts: ['no longer works at Nokia'] },
  { text: "I don't live in Madrid any more.", facts: ['no longer lives in Madrid'] },
  { text: "I don't like sushi any more.", preferences: ['no longer likes sushi'] },
  { text: 'I used to like beer.', preferences: ['no longer likes beer'] },
  {
    text: 'You like hiking and live in Lisbon, so I suggest Sintra.',
    role: 'ASSISTANT',
    facts: ['lives in Lisbon'],
    preferences: ['likes hiking'],
  },
  { text: 'My favourite place is the beach! What about yours?', role: 'ASSISTANT' },
  { text: 'My birthday is on 3 May.', facts: ['birthday is on 3 May'] },
  { text: 'I was born in Naples in 1985.', facts: ['was born in Naples in 1985'] },
  { text: 'How do I get to the airport from here?' },
  { text: 'Is it true that people who live in Naples eat pizza daily?' },
  {
    text: 'I enjoy reading crime novels before bed.',
    preferences: ['likes reading crime novels before bed'],
  },
  { text: 'I’m a big fan of Formula 1.', preferences: ['likes Formula 1'] },
  { text: 'My laptop is broken and my order is late.' },
  { text: 'My question is whether the trains run on Sunday.' },
  { text: 'I drive an old Volvo.', facts: ['drives an old Volvo'] },
  {
    text: 'I play the cello in an amateur orchestra.',
    facts: ['plays the cello in an amateur orchestra'],
  },
  { text: 'I am tired and hungry.' },
  { text: 'I’m in a hurry, be quick.' },
  {
    text: 'Please always answer in Portuguese.',
    preferences: ['asks always to answer in Portuguese'],
  },
  { text: 'Never use emojis when you write to me.', preferences: ['asks never to use emojis'] },
  {
    text: "I'm a software engineer and I work at Spotify.",
    facts: ['is a software engineer', 'works at Spotify'],
  },
  { text: 'I am a retired teacher.', facts: ['is a retired teacher'] },
  { text: 'Could you tell me more about that?' },
  { text: 'Where does my daughter go to school?' },
  {
    text: 'I usually drink my coffee with oat milk.',
    preferences: ['usually drinks coffee with oat milk'],
  },
  { text: 'I always fly with TAP.', preferences: ['always flies with TAP'] },
  { text: 'My son is a student at ETH Zürich.', facts: ['son is a student at ETH Zürich'] },
  { text: 'My husband works as a carpenter.', facts: ['husband works as a carpenter'] },
  { text: 'I want to cancel my subscription.' },
  { text: 'I need a new passport by Friday.' },
  { text: 'I hate mornings.', preferences: ['dislikes mornings'] },
  {
    text: 'Honestly I’m not much of a flyer, I get nervous on planes.',
    preferences: ['dislikes flying'],
  },
  { text: 'Thanks, that was helpful.' },
  { text: 'I like the blue one, add it to my basket.' },
  {
    text: 'We live in a small flat near the river.',
    facts: ['lives in a small flat near the river'],
  },
  { text: 'I’m based in Toronto these days.', facts: ['lives in Toronto'] },
  { text: 'I like how you explained it.' },
  { text: 'I love that song you mentioned!' },
  { text: 'I joined Airbus in March.', facts: ['works at Airbus'] },
  { text: 'I just started a new job at Philips.', facts: ['works at Philips'] },
  { text: 'According to the records, I live in Ghent, but is that right?' },
  { text: 'Imagine I work for NASA.' },
  {
    text: 'Email me at ana@example.com. My phone number is 555 0199.',
    facts: ['phone number is 555 0199', 'email is ana@example.com'],
  },
  { text: 'My email address is kim@example.org', facts: ['email address is kim@example.org'] },
  {
    text: 'Black coffee is my favourite drink.',
    preferences: ['likes black coffee (favourite drink)'],
  },
  { text: 'Nothing beats a good thriller, honestly.', preferences: ['likes a good thriller'] },
  { text: 'I’ll move to Madrid next year if all goes well.' },
  { text: 'I might like opera, never tried it.' },
  { text: "I'm married with three children.", facts: ['is married with three children'] },
  { text: 'I got divorced two years ago.', facts: ['is divorced'] },
  {
    text: 'I study physics at the University of Oslo.',
    facts: ['studies physics at the University of Oslo'],
  },
  { text: 'I am doing a PhD in linguistics.', facts: ['is doing a PhD in linguistics'] },
  { text: 'I’m not into football.', preferences: ['dislikes football'] },
  { text: "I'm not a fan of horror films.", preferences: ['dislikes horror films'] },
];
