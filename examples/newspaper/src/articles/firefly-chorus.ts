import type { Article } from './model.ts'

export const fireflyChorus: Article = {
  id: 'firefly-chorus',
  section: 'science',
  price: { amount: '0.002', currency: 'USD' },
  minutes: 2,
  text: {
    ko: {
      title: '지휘자 없는 빛의 합창',
      deck: '반딧불이 만 마리는 어떻게 한순간에 깜박이는가',
      byline: '과학부 · 물안골 관찰소',
      caption: '물안골 저수지, 밤 아홉 시 사십칠 분.',
      teaser:
        '밤 아홉 시 사십칠 분, 물안골 저수지의 어둠이 통째로 깜박인다. 조금 전까지 제멋대로 반짝이던 반딧불이 수천 마리가 갑자기 한 박자로 켜지고 꺼진다. 지휘하는 놈은 없다. 그런데 누가 박자를 정했을까?',
      heading: '이웃만 보면 된다',
      body: [
        '답은 싱겁도록 단순하다. 아무도 정하지 않았다. 반딧불이는 저마다 몸속에 작은 시계를 갖고 있고, 곁에서 빛이 켜지면 제 시계를 아주 조금 앞당긴다. 그뿐이다. 전체를 볼 필요도, 셈을 할 필요도 없다. 그렇게 이웃과 이웃이 조금씩 맞추다 보면 어느 순간 골짜기 전체가 같은 숨을 쉰다.',
        '관찰소 학생들은 이를 손전등으로 흉내 내 보았다. 서른 명이 운동장에 흩어져 자기 박자로 불을 켜되, 가까운 셋의 빛만 보고 조금씩 맞추기로 했다. 칠 분이 걸렸다. 그런데 한 명에게 몰래 ‘절대 맞추지 말라’고 부탁하자 결과가 뜻밖이었다. 무너지기는커녕 사 분 만에 모두가 그 한 명에게 맞추었다.',
        '그래서 합창은 강하면서도 약하다. 고집스러운 빛 하나가 골짜기를 끌고 갈 수 있기 때문이다. 저수지 건너편에 가로등이 하나 섰던 해, 반딧불이들은 꺼지지 않는 그 빛을 기다리다 박자를 잃었다. 주민들이 가로등에 갓을 씌운 것은 이듬해 유월이고, 합창은 사흘 만에 돌아왔다.',
        '관찰소 방명록에는 과학자보다 음악가의 이름이 많다. 한 합창단원은 이렇게 썼다. “지휘자를 보지 말고 옆 사람을 들으라는 말을 이제야 알겠다.” 그 아래 초등학생의 글씨가 있다. “나는 먼저 반짝이는 사람이 될래요.”',
      ],
    },
    en: {
      title: 'A Chorus of Light Without a Conductor',
      deck: 'How ten thousand fireflies agree on a single instant',
      byline: 'Science desk, Muran Valley field station',
      caption: 'Muran reservoir, 9.47 in the evening.',
      teaser:
        'At 9.47 in the evening the whole darkness over Muran reservoir blinks. Thousands of fireflies that were sparkling as they pleased a moment ago go on and off in one beat. None of them is conducting. So who set the time?',
      heading: 'It is enough to watch your neighbour',
      body: [
        'The answer is almost disappointingly simple: nobody did. Every firefly carries a small clock in its body, and when a light goes on nearby it moves its own clock forward by a very little. That is all. It need not see the whole, nor count. Neighbour nudges neighbour, and at some moment the entire valley draws the same breath.',
        'The students at the station tried it with torches. Thirty of them spread over a sports field, each flashing to a private beat, each adjusting a little to the nearest three. It took seven minutes. Then they secretly asked one of them never to adjust. The result was a surprise. The chorus did not collapse; in four minutes everyone had fallen in with the stubborn one.',
        'So the chorus is strong and fragile at once, because a single obstinate light can lead a valley. The year a street lamp went up across the water, the fireflies waited for it to go out, and lost the beat. The villagers fitted a shade the following June. The chorus came back in three days.',
        'In the station’s visitors’ book there are more musicians than scientists. A choir singer wrote: “Do not watch the conductor, listen to the one beside you. Now I know what it meant.” Below it, in the hand of a child: “I want to be the one who blinks first.”',
      ],
    },
  },
}
