use std::pin::pin;
use std::task::{Context, Poll, Waker};

use futures_util::future::join_all;

use super::*;

type Numbers = Rounds<u32, u32>;

/// Holds rounds once it is let, and remembers them.
struct Holder {
    gate: tokio::sync::Semaphore,
    rounds: Mutex<Vec<Vec<u32>>>,
}

impl Holder {
    fn closed() -> Self {
        Self {
            gate: tokio::sync::Semaphore::new(0),
            rounds: Mutex::default(),
        }
    }

    async fn hold(&self, questions: Vec<u32>) -> Vec<u32> {
        self.gate.acquire().await.unwrap().forget();
        let answers = questions.iter().map(|question| question * 10).collect();
        self.rounds.lock().unwrap().push(questions);
        answers
    }

    fn sizes(&self) -> Vec<usize> {
        self.rounds.lock().unwrap().iter().map(Vec::len).collect()
    }
}

fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn a_question_that_finds_nobody_goes_at_once_and_alone() {
    let (rounds, holder) = (Numbers::with_lanes(2), Holder::closed());
    holder.gate.add_permits(3);
    for question in 1..=3 {
        assert_eq!(rounds.ask(question, |all| holder.hold(all)).await, question * 10);
    }
    assert_eq!(holder.sizes(), [1, 1, 1]);
}

#[tokio::test]
async fn those_who_come_meanwhile_go_together_and_each_gets_their_own_answer() {
    let (rounds, holder) = (Numbers::with_lanes(2), Holder::closed());
    let all = join_all((0..200).map(|question| rounds.ask(question, |all| holder.hold(all))));
    let open = async {
        tokio::task::yield_now().await;
        holder.gate.add_permits(1000);
    };
    let (answers, ()) = tokio::join!(all, open);
    assert_eq!(answers, (0..200).map(|question| question * 10).collect::<Vec<_>>());
    let mut sizes = holder.sizes();
    sizes.sort_unstable();
    assert_eq!(sizes.iter().sum::<usize>(), 200);
    assert!(sizes.len() <= 8, "few rounds: {sizes:?}");
    assert!(
        sizes.iter().all(|&size| size <= MOST),
        "none larger than it may be: {sizes:?}"
    );
}

#[tokio::test]
async fn those_whose_round_is_given_up_ask_again() {
    let (rounds, holder) = (Numbers::with_lanes(2), Holder::closed());
    let ask = |question| rounds.ask(question, |all| holder.hold(all));
    let (mut first, mut second) = (Box::pin(ask(1)), Box::pin(ask(2)));
    let (mut third, mut fourth) = (pin!(ask(3)), pin!(ask(4)));
    assert!(poll(first.as_mut()).is_pending());
    assert!(poll(second.as_mut()).is_pending());
    assert!(poll(third.as_mut()).is_pending());
    assert!(poll(fourth.as_mut()).is_pending());
    // The lane goes to the third, who takes the fourth along, and is given up with it.
    drop(first);
    drop(second);
    holder.gate.add_permits(10);
    let (third, fourth) = tokio::join!(third, fourth);
    assert_eq!((third, fourth), (30, 40));
}

#[tokio::test]
async fn a_lane_is_never_lost() {
    let (rounds, holder) = (Numbers::with_lanes(2), Holder::closed());
    let ask = |question| rounds.ask(question, |all| holder.hold(all));
    for _ in 0..10 {
        let mut asking: Vec<_> = (0..5).map(|question| Box::pin(ask(question))).collect();
        for future in &mut asking {
            assert!(poll(future.as_mut()).is_pending());
        }
        // Who waits goes, who holds goes, and who was just told to hold goes before hearing of it.
        drop(asking.remove(3));
        drop(asking.remove(0));
        drop(asking.remove(1));
        drop(asking);
        assert!(rounds.table().under_way.is_empty());
        assert!(rounds.table().waiting.is_empty());
    }
    holder.gate.add_permits(1);
    assert_eq!(ask(7).await, 70);
}

#[tokio::test]
async fn whoever_waits_behind_somebody_who_holds_is_answered_when_he_is_given_up() {
    let (rounds, holder) = (Numbers::with_lanes(2), Holder::closed());
    let ask = |question| rounds.ask(question, |all| holder.hold(all));
    let mut holding: Vec<_> = (0..2).map(|question| Box::pin(ask(question))).collect();
    for future in &mut holding {
        assert!(poll(future.as_mut()).is_pending());
    }
    let mut waiting: Vec<_> = (10..13).map(|question| Box::pin(ask(question))).collect();
    for future in &mut waiting {
        assert!(poll(future.as_mut()).is_pending());
    }
    drop(holding.remove(0));
    // The first of them takes the others along, and is dropped while holding their round.
    assert!(poll(waiting[0].as_mut()).is_pending());
    drop(waiting.remove(0));
    holder.gate.add_permits(10);
    assert_eq!(join_all(waiting).await, [110, 120]);
    drop(holding);
    assert!(rounds.table().under_way.is_empty());
}

#[tokio::test]
async fn a_round_that_hangs_holds_up_nobody_else_and_only_so_many_may() {
    let rounds = Numbers::with_lanes(1);
    let mut hanging: Vec<_> = (0..MOST_SLOW)
        .map(|question| Box::pin(rounds.ask(question.try_into().unwrap(), |_| std::future::pending())))
        .collect();
    for future in &mut hanging {
        assert!(poll(future.as_mut()).is_pending());
        let mut meanwhile = pin!(rounds.ask(7, |_| async { vec![70] }));
        assert!(poll(meanwhile.as_mut()).is_pending(), "it may yet be quick");
        tokio::time::sleep(2 * SLOW).await;
    }
    assert_eq!(rounds.ask(8, |_| async { vec![80] }).await, 80);
    let mut last = pin!(rounds.ask(9, |_| std::future::pending()));
    assert!(poll(last.as_mut()).is_pending());
    tokio::time::sleep(2 * SLOW).await;
    assert!(
        poll(pin!(rounds.ask(8, |_| async { vec![80] }))).is_pending(),
        "enough hang"
    );
}

#[tokio::test]
async fn those_who_wait_behind_a_round_that_hangs_hold_one_beside_it() {
    let rounds = Numbers::with_lanes(1);
    let hanging = rounds.ask(1, |_| std::future::pending::<Vec<u32>>());
    let tenfold = |all: Vec<u32>| async move { all.into_iter().map(|question| question * 10).collect() };
    let others = join_all((2..5).map(|question| rounds.ask(question, tenfold)));
    tokio::select! {
        biased;
        _ = hanging => panic!("nobody answers it"),
        answers = others => assert_eq!(answers, [20, 30, 40]),
    }
}
